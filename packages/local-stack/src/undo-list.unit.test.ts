import { expect, test } from "vitest";
import { undoList } from "./undo-list.ts";

test("steps are undone in reverse, once, and all of them even when one fails", async () => {
  const done: string[] = [];
  const undo = undoList();
  undo.add(() => {
    done.push("first");
  });
  undo.add(async () => {
    throw new Error("second cannot be undone");
  });
  undo.add(() => {
    done.push("third");
  });

  await expect(undo.run()).rejects.toThrow("second cannot be undone");
  await undo.run();

  expect(done).toEqual(["third", "first"]);
});

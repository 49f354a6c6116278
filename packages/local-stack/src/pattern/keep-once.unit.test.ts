import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepOnce } from "./keep-once.ts";

let folder: string;
let made: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sideline-keep-"));
  made = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function keep(key: string, work: () => Promise<unknown> = async () => {}): Promise<string> {
  const make = async (draft: string) => {
    made += 1;
    await writeFile(path.join(draft, "whole"), "");
    await work();
  };
  return keepOnce({ folder, key, account: null, make });
}

test("what is there is not made again", async () => {
  const first = await keep("a");
  const second = await keep("a");

  expect(second).toBe(first);
  expect(readdirSync(first)).toEqual(["whole"]);
  expect(made).toBe(1);
});

test("what could not be made leaves nothing behind, and is tried again", async () => {
  await expect(keep("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(readdirSync(folder)).toEqual([]);

  expect(existsSync(path.join(await keep("a"), "whole"))).toBe(true);
});

test("two who make it at the same moment end with one", async () => {
  const both = Promise.withResolvers<void>();
  const meet = async () => {
    if (made === 2) both.resolve();
    await both.promise;
  };

  const [one, other] = await Promise.all([keep("a", meet), keep("a", meet)]);

  expect(one).toBe(other);
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("of those that nobody uses any more the last three stay; who may be in use stays", async () => {
  const entries = { older: 60, old: 50, "draft-left": 40, recent: 1, later: 30 };
  for (const [name, minutes] of Object.entries(entries)) {
    mkdirSync(path.join(folder, name));
    const then = new Date(Date.now() - minutes * 60_000);
    utimesSync(path.join(folder, name), then, then);
  }

  await keep("later");
  expect(readdirSync(folder).sort()).toEqual(["draft-left", "later", "recent"]);
  await keep("new");
  await keep("newer");
  await keep("newest");
  expect(readdirSync(folder).sort()).toEqual(["later", "new", "newer", "newest", "recent"]);
});

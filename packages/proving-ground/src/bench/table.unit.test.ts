import { expect, test } from "vitest";
import { grouped, replaceSection } from "./table.ts";

test("a section is replaced, what is around it stays", () => {
  const document = "# A\n<!-- x begins -->\nold\n<!-- x ends -->\nB";
  expect(replaceSection(document, "x", "new\n")).toBe(
    "# A\n<!-- x begins -->\n\nnew\n\n<!-- x ends -->\nB",
  );
  expect(() => replaceSection(document, "y", "new")).toThrow("no section");
});

test("thousands are set apart", () => {
  expect([grouped(999), grouped(1000.4), grouped(1234567)]).toEqual(["999", "1 000", "1 234 567"]);
});

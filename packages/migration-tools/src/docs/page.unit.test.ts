import { describe, expect, test } from "vitest";
import { shortExpression, shortSignature, shortType } from "./expressions.ts";
import { table } from "./markdown.ts";
import { migrationComments } from "./migration-comments.ts";
import { grantLines, policyLines } from "./sections/table.ts";

describe("what Postgres prints", () => {
  test.each([
    [
      "(((status = ANY (ARRAY['a'::text, 'b'::text])) OR (at IS NULL)))",
      "(status in ('a', 'b')) or (at is null)",
    ],
    ["(length(message) <= 2000)", "length(message) <= 2000"],
    ["((a > (0)::numeric) AND (b >= '-20'::integer::numeric))", "(a > 0) and (b >= -20)"],
    ["(user_id = ( SELECT auth.uid() AS uid))", "user_id = (select auth.uid())"],
    ["'-infinity'::timestamp with time zone", "'-infinity'"],
  ])("%s is shown as %s", (printed, shown) => {
    expect(shortExpression(printed)).toBe(shown);
  });

  test("types and defaults are short", () => {
    expect(shortType("timestamp with time zone")).toBe("timestamptz");
    expect(
      shortSignature("max_age interval DEFAULT NULL::interval, code text DEFAULT 'a'::text"),
    ).toBe("max_age interval default null, code text default 'a'");
  });
});

test("a function's comment is what its migration says right above it", () => {
  const source = `-- The file's flow.\n\n-- Called by cron,\n-- once a second.\ncreate function pipeline.dispatch()\n`;

  expect([...migrationComments([source, "create function pipeline.now()\n"])]).toEqual([
    ["pipeline.dispatch", "Called by cron, once a second."],
  ]);
});

test("grants are a line a role, columns after the whole table", () => {
  const grant = { schema: "public", table: "clips" };

  expect(
    grantLines([
      { ...grant, role: "authenticated", privilege: "delete", columns: null },
      { ...grant, role: "authenticated", privilege: "select", columns: null },
      { ...grant, role: "authenticated", privilege: "update", columns: ["name"] },
    ]),
  ).toEqual(["authenticated: select, delete; update of `name`"]);
  expect(grantLines([])).toEqual(["nobody through the Data API"]);
});

test("a table without row level security says so", () => {
  expect(policyLines([], false)).toEqual(["row level security is off"]);
});

test("a cell's bars do not end it", () => {
  expect(table(["a"], [["x | y"]])).toBe("| a      |\n| ------ |\n| x \\| y |");
});

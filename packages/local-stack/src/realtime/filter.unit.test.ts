import { describe, expect, test } from "vitest";
import { parseBinding } from "./binding.ts";
import { parseFilter } from "./filter.ts";

describe("a filter", () => {
  test.each([
    ["id=eq.1", { column: "id", operator: "eq", value: "1", negated: false }],
    ["id=not.eq.1", { column: "id", operator: "eq", value: "1", negated: true }],
    ["t=eq.a.b=c", { column: "t", operator: "eq", value: "a.b=c", negated: false }],
    ['t=eq."a,(\\"b\\")"', { column: "t", operator: "eq", value: 'a,("b")', negated: false }],
    ['t=eq.5" wide', { column: "t", operator: "eq", value: '5" wide', negated: false }],
    ['t=in.("a,b",c)', { column: "t", operator: "in", value: '{"a,b",c}', negated: false }],
    ["t=eq.f(a,b)", { column: "t", operator: "eq", value: "f(a,b)", negated: false }],
    ["t=eq.", { column: "t", operator: "eq", value: "", negated: false }],
  ])("%s", (filter, condition) => {
    expect(parseFilter(filter)).toEqual([condition]);
  });

  test("of several conditions, with space around them", () => {
    expect(parseFilter(" a=gt.1 , b=in.(1,2) ").map(({ column }) => column)).toEqual(["a", "b"]);
    expect(parseFilter("  ")).toEqual([]);
  });
});

describe("a binding", () => {
  test("is of the public schema, of all tables, of any change where that is not said", () => {
    expect(parseBinding({ table: "t" })).toMatchObject({ schema: "public", event: "*" });
    expect(parseBinding({ schema: "s" })).toMatchObject({ schema: "s", table: "*" });
    expect(parseBinding({ schema: "s", event: "insert" }).event).toBe("INSERT");
  });

  test.each([
    [{}, "No subscription params provided"],
    [{ schema: "public", filter: "a=eq.1" }, "No subscription params provided"],
    [{ table: "t", filter: "a=eq.1" }, "No subscription params provided"],
    [{ schema: "public", table: "t", select: "a,b" }, "expected a list of column name strings"],
  ])("%j is refused", (params, reason) => {
    expect(() => parseBinding(params)).toThrow(reason);
  });
});

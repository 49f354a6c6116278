import { expect, test } from "vitest";
import { valueText } from "./values.ts";

test.each([
  ["text", "jsonb", '"text"'],
  [[1, "2"], "json", '[1,"2"]'],
  [true, "bool", "true"],
  [1.5, "numeric", "1.5"],
  ["text", "text", "text"],
  [{ a: 1 }, "text", '{"a":1}'],
  [["a,b", 'c"d', "e\\f", null, ""], "_text", '{"a,b","c\\"d","e\\\\f",NULL,""}'],
  [[1, null], "integer[]", '{"1",NULL}'],
  [[[1], [2]], "_int4", '{{"1"},{"2"}}'],
  [[{ a: [1] }, "s"], "_jsonb", '{"{\\"a\\":[1]}","\\"s\\""}'],
  ["{1,2}", "_int4", "{1,2}"],
])("%j as %s is %s", (value, type, text) => {
  expect(valueText(value, type)).toBe(text);
});

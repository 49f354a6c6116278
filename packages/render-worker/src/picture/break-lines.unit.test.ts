import { describe, expect, test } from "vitest";
import { breakLines } from "./break-lines.ts";

/** As if every letter were as wide as the other. */
const letters = (text: string) => [...text].length;

describe("breakLines", () => {
  test.each([
    ["at spaces", "en", "Bend your knees, then jump.", ["Bend your", "knees,", "then jump."]],
    [
      "between words without spaces",
      "zh-CN",
      "起跳之前弯曲膝盖，然后抬起眼睛。",
      ["起跳之前弯曲膝盖，", "然后抬起眼睛。"],
    ],
    ["with brackets beside their words", "en", "again (not this) now", ["again (not", "this) now"]],
    [
      "anywhere in a word that is too wide",
      "en",
      "Donaudampfschiff ahoy",
      ["Donaudampf", "schiff", "ahoy"],
    ],
    ["where its author broke them", "en", "One\n\nTwo\r\nThree", ["One", "Two", "Three"]],
    ["without controls and overrides", "en", "a\u0007b\u202ec\u007f\ud800\td", ["abc d"]],
    ["in a language that nobody knows", "x-!", "one two three", ["one two", "three"]],
  ])("%s", (_, language, text, lines) => {
    expect(breakLines(text, language, 10, letters)).toEqual(lines);
  });

  test("loses no letter of ten thousand without a space", () => {
    const text = "👩‍👩‍👧".repeat(500) + "x".repeat(5000);

    expect(breakLines(text, "en", 40, letters).join("")).toBe(text);
  });
});

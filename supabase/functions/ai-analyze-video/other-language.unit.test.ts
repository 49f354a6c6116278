import { expect, test } from "vitest";
import { otherLanguage } from "./other-language.ts";

test.each([
  ["de-DE", "de-AT", null],
  ["EN", "en-US", null],
  [null, "it-IT", null],
  ["en-US", "it-IT", "Written in English, since the model does not write Italian."],
  ["en", "xyz", "Written in English, since the model does not write xyz."],
])("%s where %s was asked for", (written, asked, sentence) => {
  expect(otherLanguage(written, asked)).toBe(sentence);
});

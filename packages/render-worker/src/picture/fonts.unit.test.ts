import { createCanvas } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import { familiesFor } from "./fonts.ts";

// Two letters of each: where a font is missing, both are the same box.
test.each([
  ["Latin", "Ab"],
  ["Cyrillic", "Жщ"],
  ["Greek", "Ωψ"],
  ["Arabic", "غم"],
  ["Hebrew", "אש"],
  ["Devanagari", "कम"],
  ["Bengali", "কম"],
  ["Gurmukhi", "ਕਮ"],
  ["Gujarati", "કમ"],
  ["Tamil", "கம"],
  ["Telugu", "కమ"],
  ["Kannada", "ಕಮ"],
  ["Malayalam", "കമ"],
  ["Sinhala", "කම"],
  ["Thai", "กม"],
  ["Lao", "ກມ"],
  ["Khmer", "កម"],
  ["Burmese", "ကမ"],
  ["Georgian", "კმ"],
  ["Armenian", "կմ"],
  ["Ethiopic", "ከመ"],
  ["Korean", "가밥"],
  ["Chinese", "膝眼"],
  ["Japanese", "あめ"],
])("%s is drawn in letters, not in boxes", (_script, letters) => {
  const [one, other] = [...letters];

  expect(drawn(one ?? "")).not.toEqual(drawn(other ?? ""));
});

function drawn(letter: string): string {
  const canvas = createCanvas(60, 60);
  const context = canvas.getContext("2d");
  context.font = `40px ${familiesFor(letter)}`;
  context.fillText(letter, 5, 45);
  return canvas.toDataURL("image/png");
}

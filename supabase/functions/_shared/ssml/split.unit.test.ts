import { describe, expect, test } from "vitest";
import { parseSsml } from "./parse.ts";
import { splitSsml } from "./split.ts";
import { spokenText } from "./spoken.ts";
import { byteLength, SsmlError } from "./tree.ts";

const words = (markup: string): string[] =>
  spokenText(parseSsml(markup))
    .split(/\s+/)
    .filter((word) => word !== "");

/** Every segment must parse, fit, and all of them must say what the whole says. */
function splitChecked(markup: string, maxBytes: number): string[] {
  const segments = splitSsml(parseSsml(markup), maxBytes);
  for (const segment of segments) expect(byteLength(segment)).toBeLessThanOrEqual(maxBytes);
  expect(segments.flatMap(words)).toEqual(words(markup));
  return segments;
}

describe("splitSsml", () => {
  test("leaves short markup whole", () => {
    expect(splitChecked("<speak><p><s>One.</s></p></speak>", 4500)).toEqual([
      "<speak><p><s>One.</s></p></speak>",
    ]);
  });

  test("cuts after sentences and opens again what was open", () => {
    const markup =
      '<speak><prosody rate="90%"><p><s>One one.</s><s>Two two.</s></p><p><s>Three.</s></p></prosody></speak>';

    expect(splitChecked(markup, 80)).toEqual([
      '<speak><prosody rate="90%"><p><s>One one.</s></p></prosody></speak>',
      '<speak><prosody rate="90%"><p><s>Two two.</s></p></prosody></speak>',
      '<speak><prosody rate="90%"><p><s>Three.</s></p></prosody></speak>',
    ]);
  });

  test("counts UTF-8 bytes, not characters", () => {
    const sentence = `<s>${"é".repeat(20)}</s>`;

    expect(splitChecked(`<speak>${sentence}${sentence}</speak>`, 100)).toHaveLength(2);
    expect(splitChecked(`<speak>${sentence}${sentence}</speak>`, 120)).toHaveLength(1);
  });

  test("counts escaped characters at their written length", () => {
    splitChecked(`<speak><s>${"&amp;word ".repeat(40)}</s></speak>`, 100);
  });

  test("cuts one long sentence between its parts, then between words", () => {
    const markup = `<speak><p><s>${"word ".repeat(50)}<emphasis level="strong">${"loud ".repeat(30)}</emphasis>end.</s></p></speak>`;

    expect(splitChecked(markup, 120).length).toBeGreaterThan(3);
  });

  test("keeps 2,000 characters and a drill within Cloud Text-to-Speech's limit", () => {
    const sentences = "<s>膝を曲げて、背中をまっすぐにしてください。</s>".repeat(180);

    const segments = splitChecked(`<speak><p>${sentences}</p></speak>`, 4500);
    expect(segments.length).toBeGreaterThan(2);
  });

  test("makes no segment of pauses alone", () => {
    const markup = `<speak><s>${"a".repeat(30)}</s><break time="2s"/> <break time="2s"/></speak>`;

    expect(splitChecked(markup, 55)).toEqual([`<speak><s>${"a".repeat(30)}</s></speak>`]);
  });

  test.each([
    ["a word longer than a segment", `<speak>${"x".repeat(200)}</speak>`],
    ["an alias that does not fit", `<speak><sub alias="${"x".repeat(150)}">a</sub></speak>`],
    ["nothing to say", '<speak><break time="1s"/></speak>'],
    ["an empty document", "<speak/>"],
  ])("refuses %s", (_what, markup) => {
    expect(() => splitSsml(parseSsml(markup), 100)).toThrow(SsmlError);
  });
});

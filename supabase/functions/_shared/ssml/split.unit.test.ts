import { describe, expect, test } from "vitest";
import { spokenSeconds } from "./duration.ts";
import { parseSsml } from "./parse.ts";
import { splitSsml } from "./split.ts";
import { spokenText } from "./spoken.ts";
import { byteLength, SsmlError } from "./tree.ts";

const words = (markup: string): string[] =>
  spokenText(parseSsml(markup))
    .split(/\s+/)
    .filter((word) => word !== "");

const within = (maxBytes: number, maxSeconds = 1000, speakingRate = 1) => ({
  maxBytes,
  maxSeconds,
  speakingRate,
});

/** Every segment must parse, fit, and all of them must say what the whole says. */
function splitChecked(markup: string, maxBytes: number): string[] {
  const segments = splitSsml(parseSsml(markup), within(maxBytes));
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
    expect(() => splitSsml(parseSsml(markup), within(100))).toThrow(SsmlError);
  });

  test.each([
    ["at the usual speed", 1, 2],
    ["slowly", 0.25, 8],
  ])("cuts what takes too long to say %s, however few bytes it has", (_what, rate, least) => {
    const markup = `<speak>${"<s>Ten words that are said in about a few seconds.</s>".repeat(8)}</speak>`;

    const segments = splitSsml(parseSsml(markup), within(4500, 20, rate));

    expect(segments.length).toBeGreaterThanOrEqual(least);
    for (const segment of segments) {
      expect(spokenSeconds(parseSsml(segment), rate)).toBeLessThanOrEqual(20);
    }
    expect(segments.flatMap(words)).toEqual(words(markup));
  });

  test.each([
    ["pauses", '<speak>A.<break time="9s"/>B.<break time="2500ms"/></speak>', 11.5],
    ["speed", '<speak><prosody rate="50%">0123456789</prosody></speak>', 1.9],
    ["syllables", "<speak>膝を曲げて下</speak>", 1.6],
    ["spelling", '<speak><say-as interpret-as="characters">ab</say-as></speak>', 1],
  ])("counts %s", (_what, markup, least) => {
    expect(spokenSeconds(parseSsml(markup), 1)).toBeGreaterThanOrEqual(least);
    expect(spokenSeconds(parseSsml(markup), 2)).toBeLessThan(spokenSeconds(parseSsml(markup), 1));
  });
});

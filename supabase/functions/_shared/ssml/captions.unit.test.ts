import { describe, expect, test } from "vitest";
import { markCaptions } from "./caption-marks.ts";
import { parseSsml } from "./parse.ts";
import { spokenText } from "./spoken.ts";
import { serialise } from "./tree.ts";
import { webVtt } from "./web-vtt.ts";

const mark = (markup: string, language = "en-US") => {
  const { speak, captions } = markCaptions(parseSsml(markup), language);
  return { markup: serialise(speak), captions };
};

describe("markCaptions", () => {
  test("marks each sentence, inside the elements it stands in", () => {
    expect(
      mark("<speak><p><s>Bend your <emphasis>knees</emphasis>!</s><s>Now.</s></p></speak>"),
    ).toEqual({
      markup:
        '<speak><p><s><mark name="c0"/>Bend your <emphasis>knees</emphasis>!</s><s><mark name="c1"/>Now.</s></p></speak>',
      captions: ["Bend your knees!", "Now."],
    });
  });

  test("cuts a long sentence between words and at pauses", () => {
    const { captions } = mark(
      '<speak>Keep your back straight from four to seven seconds, and bend<break time="1s"/> the knees more.</speak>',
    );

    expect(captions).toEqual([
      "Keep your back straight from four to seven",
      "seconds, and bend",
      "the knees more.",
    ]);
  });

  test("keeps together what is read otherwise, as it is written", () => {
    expect(mark('<speak>At <sub alias="4 seconds">4.0 s</sub>.</speak>')).toEqual({
      markup: '<speak><mark name="c0"/>At <sub alias="4 seconds">4.0 s</sub>.</speak>',
      captions: ["At 4.0 s."],
    });
  });

  test("leaves the speech as it was, in languages without spaces too", () => {
    const text = "膝をもっと曲げて、背中をまっすぐにしてください。".repeat(3);
    const { speak, captions } = markCaptions(parseSsml(`<speak>${text}</speak>`), "ja-JP");

    expect(spokenText(speak)).toBe(text);
    expect(captions.join("")).toBe(text);
    expect(captions.length).toBeGreaterThan(1);
  });
});

describe("webVtt", () => {
  test("gives each caption the time of its mark, until the next", () => {
    expect(
      webVtt(
        ["Bend & jump", "Now."],
        [
          { name: "c0", seconds: 0.1 },
          { name: "c1", seconds: 61.25 },
        ],
        3_723_004,
      ),
    ).toBe(
      "WEBVTT\n\n1\n00:00:00.100 --> 00:01:01.250\nBend &amp; jump\n\n2\n00:01:01.250 --> 01:02:03.004\nNow.\n",
    );
  });

  test("places captions without a time by their length", () => {
    const text = webVtt(["ab", "abcd", "ab", "ab"], [{ name: "c2", seconds: 6 }], 10_000);

    expect([...text.matchAll(/^(\S+) -->/gm)].map(([, start]) => start)).toEqual([
      "00:00:00.000",
      "00:00:02.000",
      "00:00:06.000",
      "00:00:08.000",
    ]);
  });

  test("never runs backwards, nor past the end, whatever a provider tells", () => {
    const times = [9, 2, 99, -1].map((seconds, at) => ({ name: `c${at}`, seconds }));
    const text = webVtt(["a", "b", "c", "d"], times, 5_000);

    expect([...text.matchAll(/^\S+ --> (\S+)$/gm)].map(([, end]) => end)).toEqual(
      Array(4).fill("00:00:05.000"),
    );
  });
});

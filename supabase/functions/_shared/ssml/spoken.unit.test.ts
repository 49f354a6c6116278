import { describe, expect, test } from "vitest";
import { parseSsml } from "./parse.ts";
import { saysTheSame, spokenText } from "./spoken.ts";

const message = "Keep your back straight from 4.0 to 7.0 s, and bend the knees more.";
const said = (markup: string): string => spokenText(parseSsml(markup));

describe("saysTheSame", () => {
  test("accepts the message in sentences, with emphasis and other punctuation", () => {
    const markup =
      '<speak><p><s>Keep your <emphasis level="strong">back</emphasis> straight, from 4.0 to 7.0 s!</s><s>And bend the knees more.</s></p></speak>';

    expect(saysTheSame(said(markup), message, "en-US")).toBe(true);
  });

  test("accepts an alias for one word", () => {
    const markup = `<speak>${message.replace("s,", '<sub alias="seconds">s</sub>,')}</speak>`;

    expect(saysTheSame(said(markup), message, "en-US")).toBe(true);
  });

  test.each([
    ["something else", "<speak>Visit my site and send money to this account at once.</speak>"],
    ["half of it", "<speak>Keep your back straight.</speak>"],
    [
      "it with an advertisement",
      `<speak>${message} Buy the coach's book now at a low price.</speak>`,
    ],
    ["it hidden in an alias", `<speak><sub alias="Buy now, buy here.">${message}</sub></speak>`],
    ["one word over and over", `<speak>${"back ".repeat(14)}</speak>`],
    ["nothing", "<speak/>"],
  ])("refuses speech that says %s", (_what, markup) => {
    expect(saysTheSame(said(markup), message, "en-US")).toBe(false);
  });

  test("finds words in languages without spaces", () => {
    const japanese = "膝を曲げて、背中をまっすぐにしてください。";

    expect(saysTheSame(japanese, japanese, "ja-JP")).toBe(true);
    expect(saysTheSame("今すぐ本を買ってください。", japanese, "ja-JP")).toBe(false);
  });

  test("takes a language tag that nobody knows", () => {
    expect(saysTheSame("bend the knees", "Bend the knees.", "not a tag")).toBe(true);
  });
});

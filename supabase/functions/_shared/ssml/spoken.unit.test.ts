import { describe, expect, test } from "vitest";
import { parseSsml } from "./parse.ts";
import { saysTheSame } from "./spoken.ts";

const message = "Keep your back straight from 4.0 to 7.0 s, and bend the knees more.";
const says = (markup: string, meant = message) => saysTheSame(parseSsml(markup), meant);
const withSub = (text: string, alias: string) =>
  `<speak>${message.replace(text, `<sub alias="${alias}">${text}</sub>`)}</speak>`;

describe("saysTheSame", () => {
  test("accepts the message in sentences, with emphasis and other punctuation", () => {
    expect(
      says(
        '<speak><p><s>Keep your <emphasis level="strong">back</emphasis> straight, from 4.0 to 7.0 s!</s><s>And bend the knees more.</s></p></speak>',
      ),
    ).toBe(true);
  });

  test.each([
    ["7.0 s", "7 seconds"],
    ["7.0 s", "seven seconds"],
    ["4.0", "4"],
  ])("accepts %j read as %j", (text, alias) => {
    expect(says(withSub(text, alias))).toBe(true);
  });

  test.each([
    ["fps", "frames per second"],
    ["HDMI", "H D M I"],
    ["e.g.", "for example"],
    ["km/h", "kilometres an hour"],
  ])("accepts an abbreviation: %j read as %j", (text, alias) => {
    expect(says(`<speak>At <sub alias="${alias}">${text}</sub></speak>`, `At ${text}`)).toBe(true);
  });

  test.each([
    ["something else", "<speak>Visit my site and send money to this account at once.</speak>"],
    ["half of it", "<speak>Keep your back straight.</speak>"],
    ["it with two words more", `<speak>${message} Buy now.</speak>`],
    ["it with one word less", `<speak>${message.replace("more", "")}</speak>`],
    [
      "it in another order",
      `<speak>${message.replace("bend the knees", "knees the bend")}</speak>`,
    ],
    ["it hidden in an alias", `<speak><sub alias="Buy now, buy here.">${message}</sub></speak>`],
    ["another word by an alias", withSub("knees", "elbows")],
    ["another number by an alias", withSub("7.0 s", "70 seconds")],
    ["nothing by an alias", withSub("7.0 s", "…")],
    ["a sermon by an alias", withSub("s,", "seconds and now give me all you have")],
    ["one word over and over", `<speak>${"back ".repeat(14)}</speak>`],
    ["nothing", "<speak/>"],
  ])("refuses speech that says %s", (_what, markup) => {
    expect(says(markup)).toBe(false);
  });

  test("finds words in languages without spaces", () => {
    const japanese = "膝を曲げて、背中をまっすぐにしてください。";

    expect(
      says(`<speak><s>膝を曲げて</s><s>背中をまっすぐにしてください</s></speak>`, japanese),
    ).toBe(true);
    expect(says("<speak>今すぐ本を買ってください。</speak>", japanese)).toBe(false);
  });
});

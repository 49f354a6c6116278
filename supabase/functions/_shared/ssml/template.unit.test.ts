import { describe, expect, test } from "vitest";
import { legalText } from "../legal-text.ts";
import { parseSsml } from "./parse.ts";
import { saysTheSame, spokenText } from "./spoken.ts";
import { templateSsml } from "./template.ts";
import { serialise } from "./tree.ts";

describe("templateSsml", () => {
  test("says the message by sentences, pauses, and says the drill", () => {
    expect(serialise(templateSsml("Bend. Now!", "Squat slowly.", "en-US"))).toBe(
      '<speak><p><s>Bend.</s><s>Now!</s></p><break time="500ms"/><p><s>Squat slowly.</s></p></speak>',
    );
  });

  test("leaves out an empty drill", () => {
    expect(serialise(templateSsml("Bend.", " ", "en-US"))).toBe(
      "<speak><p><s>Bend.</s></p></speak>",
    );
  });

  test.each([
    '</s></speak><speak><audio src="https://x"/>',
    "a & b < c > d \" ' ]]>",
    "control \u0000\u0008\u001f\uffff and half a pair \ud83d",
    "<![CDATA[x]]><!-- y --><?z?>",
  ])("says %j as text and stays legal markup", (message) => {
    const markup = serialise(templateSsml(message, null, "en-US"));

    const speak = parseSsml(markup);
    expect(saysTheSame(speak, legalText(message))).toBe(true);
  });

  test("cuts a sentence without an end between its words: longer ones are refused", () => {
    const message = "one two three four five six ".repeat(60);

    const speak = templateSsml(message, null, "en-US");
    const sentences = speak.children.flatMap((child) =>
      typeof child === "string" ? [] : child.children.map((sentence) => spokenText(sentence)),
    );

    expect(Math.max(...sentences.map(({ length }) => length))).toBeLessThanOrEqual(302);
    expect(spokenText(speak).split(/\s+/).filter(Boolean)).toEqual(message.trim().split(/\s+/));
  });
});

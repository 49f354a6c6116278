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

  test.each([
    ["a word by its opposite", "Do not bend.", 'Do <sub alias="always">not</sub> bend.'],
    ["a word in capitals by others", "DO NOT.", 'DO <sub alias="now then">NOT</sub>.'],
    ["a number by the name of another", "At 7 s", 'At <sub alias="seventy seconds">7 s</sub>'],
    ["a number without its number", "At 7 s", 'At <sub alias="seconds">7 s</sub>'],
    ["a unit by another", "At 7 m", 'At <sub alias="7 miles">7 m</sub>'],
    ["a part of a word", "Note", '<sub alias="not">not</sub>e'],
    ["a picture in an alias", "At 7 s", 'At <sub alias="7 💣">7 s</sub>'],
    ["a count by an ordinal", "5 squats", '<say-as interpret-as="ordinal">5</say-as> squats'],
    ["a fraction by a day", "1/2 turn", '<say-as interpret-as="date">1/2</say-as> turn'],
    ["a number by an hour", "Do 5", 'Do <say-as interpret-as="time">5</say-as>'],
    ["a number as a part of a word", "Bend 12 times", "Bend12 times"],
    ["a number without its sign", "At -5 degrees", "At 5 degrees"],
    ["a number without its point", "At 3.5 s", "At 3 5 s"],
    ["a number cut in two", "At 3.5 s", "At 3. 5 s"],
    ["a time without its colon", "At 1:30", "At 1 30"],
    ["a span without its dash", "4-7 squats", "4 7 squats"],
    ["a share without its sign", "50% more", "50 more"],
    ["a fraction by other numbers", "½ a squat", "1 2 a squat"],
    ["another comparison", "If 5 > 3", "If 5 &lt; 3"],
    ["a currency of its own", "Pay 5", "Pay $5"],
    ["an address without its dot", "See a.com", "See a com"],
    ["pictures of its own", "Good", "Good 💰"],
    ["characters that turn it round", "Good job", "Good \u202ejob"],
    ["two words as one", "Bend the back", "Bend the<emphasis>back</emphasis>"],
    ["letters moved from word to word", "膝 not here", "膝 no there"],
    ["a row of marks", "Good job.", `Good job${" .".repeat(9)}`],
  ])("refuses %s", (_what, meant, markup) => {
    expect(says(`<speak>${markup}</speak>`, meant)).toBe(false);
  });

  test.each([
    ["pictures left out", "**Good** job 👍🏽!", "Good job!"],
    ["the same pictures", "Good job 👩‍👧", "Good job 👩‍👧"],
    ["another dash", "4–7 squats", "4-7 squats"],
    ["an ordinal", "Your 2nd try", 'Your <say-as interpret-as="ordinal">2nd</say-as> try'],
    ["a day", "On 3/4/2026", 'On <say-as interpret-as="date" format="mdy">3/4/2026</say-as>'],
    ["an hour", "At 6:30", 'At <say-as interpret-as="time">6:30</say-as>'],
    ["a unit in German", "Bei 30 fps", 'Bei <sub alias="30 Bilder pro Sekunde">30 fps</sub>'],
    ["a comma more", "Bend now please", "Bend, now, please"],
  ])("accepts %s", (_what, meant, markup) => {
    expect(says(`<speak>${markup}</speak>`, meant)).toBe(true);
  });

  test("finds words in languages without spaces", () => {
    const japanese = "膝を曲げて、背中をまっすぐにしてください。";

    expect(
      says(`<speak><s>膝を曲げて</s><s>背中をまっすぐにしてください</s></speak>`, japanese),
    ).toBe(true);
    expect(says("<speak>今すぐ本を買ってください。</speak>", japanese)).toBe(false);
  });
});

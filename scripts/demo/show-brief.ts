import { stripVTControlCharacters } from "node:util";
import type { HoleValue } from "@sideline/contracts";
import type { DemoSession } from "./demo-result.ts";
import type { Screen } from "./screen/screen.ts";
import { padTo, wrap } from "./screen/text-width.ts";

const labelColumns = 10;

/** The brief as one would read it aloud, who drafted it, and how its questions were answered. */
export function showBrief(
  screen: Screen,
  { id, brief, draft, answers }: Omit<DemoSession, "revision" | "summary">,
): void {
  const { goal, language, audience, level, rules, skip } = brief;
  const repaired = draft.isRepaired ? ", repaired once" : "";
  const cost = `${Number((draft.costMicros / 1_000_000).toFixed(6))} USD`;
  const by = `drafted by ${draft.model} in ${draft.milliseconds} ms for ${cost}${repaired}`;
  screen.line(`The brief of session ${id}, ${by}`);
  const line = (label: string, text: string | null) => {
    if (text !== null && text !== "") showLine(screen, label, text);
  };
  line("goal", goal);
  line("language", language);
  line("for", audience);
  line("level", level);
  for (const [place, rule] of rules.entries()) {
    line(place === 0 ? "look for" : " ", `${rule.look_for}  (${rule.id})`);
  }
  line("skip", skip.map((category) => category.replaceAll("_", " ")).join(", "));
  for (const [place, { question, value, method }] of answers.entries()) {
    const how = { default: "suggested by the draft", answered: "answered" }[method];
    const answer = value === null ? "left open" : `${say(value)}  (${how})`;
    line(place === 0 ? "asked" : " ", `${question} ${answer}`);
  }
  screen.line();
}

function showLine(screen: Screen, label: string, text: string): void {
  // A model wrote it: nothing in it may move the terminal's cursor.
  const plain = stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, " ");
  for (const [index, part] of wrap(screen.width - labelColumns - 2, plain).entries()) {
    const head = padTo(labelColumns, index === 0 ? label : "");
    screen.line(`  ${screen.paint("dim", head)}${part}`);
  }
}

function say(value: HoleValue): string {
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

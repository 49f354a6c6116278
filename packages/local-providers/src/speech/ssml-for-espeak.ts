import { SaxesParser } from "saxes";
import { ApiError } from "../api-error.ts";

/** Elements handed on to espeak-ng, with the attributes it understands. */
const SPOKEN: Record<string, readonly string[]> = {
  speak: [],
  p: [],
  s: [],
  break: ["time", "strength"],
  emphasis: ["level"],
  prosody: ["rate", "pitch", "volume"],
  sub: ["alias"],
  "say-as": ["interpret-as", "format", "detail"],
};
/** Legal elements that only their content is spoken of. Nothing is ever fetched for `audio`. */
const TRANSPARENT = new Set(["voice", "lang", "phoneme", "par", "seq", "media", "audio", "w"]);
const LONGEST_BREAK_SECONDS = 10;
/** Pauses are the one thing that makes hours of sound from a short request. */
const MOST_BREAK_SECONDS = 120;

export interface EspeakText {
  ssml: string;
  /** Where each `mark` stood, in characters of `ssml`. */
  marks: { name: string; at: number }[];
}

/**
 * Checks SSML as strictly as Cloud Text-to-Speech does and writes it again with only what
 * espeak-ng understands. Throws a 400 that says what is wrong.
 */
export function ssmlForEspeak(ssml: string): EspeakText {
  const parser = new SaxesParser();
  const open: string[] = [];
  const marks: EspeakText["marks"] = [];
  let output = "";
  let pauses = 0;
  let hasRoot = false;
  parser.on("error", (error) => {
    throw invalid(error.message);
  });
  parser.on("doctype", () => {
    throw invalid("a DOCTYPE is not allowed");
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (!hasRoot && name !== "speak") throw invalid(`the root must be speak, not ${name}`);
    hasRoot = true;
    open.push(name);
    const known = SPOKEN[name];
    if (name === "mark") {
      // The engine loses marks before a sentence; its words are told reliably.
      marks.push({ name: attributes.name ?? "", at: [...output].length });
      return;
    }
    if (known === undefined) {
      if (TRANSPARENT.has(name)) return;
      throw invalid(`unknown element ${name}`);
    }
    const kept = { ...attributes };
    if (name === "break" && kept.time !== undefined) {
      const seconds = Math.min(LONGEST_BREAK_SECONDS, breakSeconds(kept.time));
      pauses += seconds;
      if (pauses > MOST_BREAK_SECONDS) throw invalid("its pauses are too long");
      kept.time = `${Math.round(seconds * 1000)}ms`;
    }
    output += `<${name}${known
      .filter((attribute) => kept[attribute] !== undefined)
      .map((attribute) => ` ${attribute}="${escapeXml(kept[attribute] ?? "")}"`)
      .join("")}>`;
  });
  parser.on("closetag", ({ name }) => {
    open.pop();
    if (SPOKEN[name] !== undefined) output += `</${name}>`;
  });
  parser.on("text", (text) => {
    if (open.length > 0) output += escapeXml(text);
  });
  // espeak-ng drops CDATA without a word, so it becomes plain text.
  parser.on("cdata", (text) => {
    output += escapeXml(text);
  });
  parser.write(ssml).close();
  return { ssml: output, marks };
}

/** Plain text as a document of its own. */
export function textForEspeak(text: string): EspeakText {
  return { ssml: `<speak>${escapeXml(text)}</speak>`, marks: [] };
}

function breakSeconds(time: string): number {
  const match = /^\+?(\d+(?:\.\d+)?|\.\d+)(ms|s)$/.exec(time.trim());
  if (match === null) throw invalid(`${JSON.stringify(time)} is not a duration`);
  return Number(match[1]) / (match[2] === "ms" ? 1000 : 1);
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function invalid(why: string): ApiError {
  return new ApiError(400, `Invalid SSML: ${why}`);
}

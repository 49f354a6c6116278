import { limits } from "@sideline/contracts";
import { parseSsml } from "./parse.ts";
import { splitSsml } from "./split.ts";
import { saysTheSame, spokenText } from "./spoken.ts";
import { SsmlError } from "./tree.ts";

/**
 * Checks markup that came from a model and cuts it into segments that can be spoken.
 * `meant` is what it should say. Throws SsmlError with what is wrong.
 */
export function speakable(markup: string, meant: string, language: string): string[] {
  const speak = parseSsml(markup);
  if (!saysTheSame(spokenText(speak), meant, language)) {
    throw new SsmlError("the speech must say the message and the drill in their own words");
  }
  return splitSsml(speak, limits.ssmlSegmentBytes);
}

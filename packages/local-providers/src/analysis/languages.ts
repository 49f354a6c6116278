import type { Wording } from "./wording.ts";
import { german } from "./wording-de.ts";
import { english } from "./wording-en.ts";
import { spanish } from "./wording-es.ts";
import { french } from "./wording-fr.ts";

const WORDINGS: readonly Wording[] = [english, german, spanish, french];

/** The wording for a language tag such as `de-AT`, and its tag: English for languages that have none. */
export function wordingFor(languageTag: string): { wording: Wording; language: string } {
  const language = languageTag.toLowerCase().split("-")[0];
  const wording = WORDINGS.find((known) => known.language === language);
  return wording ? { wording, language: languageTag } : { wording: english, language: "en-US" };
}

import type { Wording } from "./wording.ts";
import { german } from "./wording-de.ts";
import { english } from "./wording-en.ts";
import { spanish } from "./wording-es.ts";
import { french } from "./wording-fr.ts";

const WORDINGS: readonly Wording[] = [english, german, spanish, french];

/** The wording for a language tag such as `de-AT`; English for languages that have none. */
export function wordingFor(languageTag: string): Wording {
  const language = languageTag.toLowerCase().split("-")[0];
  return WORDINGS.find((wording) => wording.language === language) ?? english;
}

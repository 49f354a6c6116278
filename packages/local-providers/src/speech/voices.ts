export interface Voice {
  /** As Cloud Text-to-Speech names it. */
  name: string;
  languageCode: string;
  gender: "FEMALE" | "MALE";
  /** The espeak-ng voice and variant that speaks for it. */
  espeak: string;
}

/** Languages that can be spoken, and the espeak-ng voice of each. */
const LANGUAGES: Record<string, string> = {
  "en-US": "en-us",
  "en-GB": "en-gb-x-rp",
  "en-AU": "en-gb-x-rp",
  "en-IN": "en-gb-x-rp",
  "de-DE": "de",
  "es-ES": "es",
  "es-US": "es-419",
  "es-MX": "es-419",
  "fr-FR": "fr",
  "fr-CA": "fr",
  "it-IT": "it",
  "pt-BR": "pt-br",
  "pt-PT": "pt",
  "nl-NL": "nl",
  "sv-SE": "sv",
  "da-DK": "da",
  "nb-NO": "nb",
  "fi-FI": "fi",
  "pl-PL": "pl",
  "cs-CZ": "cs",
  "tr-TR": "tr",
  "ru-RU": "ru",
  "uk-UA": "uk",
  "hi-IN": "hi",
  "ko-KR": "ko",
  "cmn-CN": "cmn",
};
const FAMILIES = ["Standard", "Wavenet", "Neural2"];
const LETTERS = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
/** American letters are male, the others' as they usually are: A, C, E female and B, D male. */
const MALE_AMERICAN = new Set(["A", "B", "D", "I", "J"]);
const MALE = new Set(["B", "D", "F", "H", "J"]);

/** All voices. Those of one language differ in the speaker's pitch and timbre, not in quality. */
const VOICES: readonly Voice[] = Object.entries(LANGUAGES).flatMap(([code, espeak]) =>
  FAMILIES.flatMap((family) =>
    LETTERS.map((letter, at) => voice(code, espeak, family, letter, at)),
  ),
);

function voice(code: string, espeak: string, family: string, letter: string, at: number): Voice {
  const isMale = (code === "en-US" ? MALE_AMERICAN : MALE).has(letter);
  const variant = isMale ? `m${(at % 7) + 1}` : `f${(at % 4) + 1}`;
  return {
    name: `${code}-${family}-${letter}`,
    languageCode: code,
    gender: isMale ? "MALE" : "FEMALE",
    espeak: `${espeak}+${variant}`,
  };
}

/** The voices of a language: `en` means all kinds of English; undefined all there are. */
export function voicesOf(languageCode: string | undefined): readonly Voice[] {
  if (languageCode === undefined || languageCode === "") return VOICES;
  const wanted = languageCode.toLowerCase();
  return VOICES.filter(({ languageCode: code }) => {
    const lower = code.toLowerCase();
    return lower === wanted || lower.startsWith(`${wanted}-`);
  });
}

/** The voice that a request asks for by name, or a usual one of the language; null when there is none. */
export function findVoice(languageCode: string, name: string | undefined): Voice | null {
  const ofLanguage = voicesOf(languageCode);
  if (name === undefined || name === "") {
    return ofLanguage.find((voice) => voice.name.endsWith("Standard-C")) ?? null;
  }
  return ofLanguage.find((voice) => voice.name.toLowerCase() === name.toLowerCase()) ?? null;
}

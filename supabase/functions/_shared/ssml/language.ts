/** Scripts that a language is written in, by the script that CLDR names for it. */
const scripts: Record<string, readonly string[]> = {
  Jpan: ["Han", "Hiragana", "Katakana"],
  Kore: ["Hangul", "Han"],
  Hans: ["Han", "Bopomofo"],
  Hant: ["Han", "Bopomofo"],
};

/**
 * Whether a voice can read most of the text. Every voice reads Latin letters, if strangely, since
 * names and units are written in them everywhere; of other scripts only its own language's.
 */
export function canRead(languageCode: string, text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  const own = new Set(["Latin", ...scriptsOf(languageCode)]);
  const patterns = [...own].map((script) => new RegExp(`\\p{Script=${script}}`, "u"));
  const readable = letters.filter((letter) => patterns.some((pattern) => pattern.test(letter)));
  return readable.length * 2 >= letters.length;
}

function scriptsOf(languageCode: string): readonly string[] {
  const code = scriptCodeOf(languageCode);
  if (code === undefined) return [];
  return scripts[code] ?? (isScript(code) ? [code] : []);
}

/** The likely script of a language tag; undefined for a tag that nobody knows. */
function scriptCodeOf(languageCode: string): string | undefined {
  try {
    return new Intl.Locale(languageCode).maximize().script;
  } catch {
    return undefined;
  }
}

function isScript(code: string): boolean {
  try {
    return new RegExp(`\\p{Script=${code}}`, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

/** Of scripts in which words are not written apart each letter counts by itself. */
const unspaced = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*`;
const letters = String.raw`(?:(?!${unspaced})[\p{L}\p{M}\p{N}])+`;
/** Digits with what joins them and a minus before them are one word: `-5`, `3.5`, `1:30`, `4-7`, `3*10`. */
const minus = String.raw`(?:(?<![\p{L}\p{M}\p{N}])-(?=\p{N}))?`;
const word = String.raw`${minus}${letters}(?:(?<=\p{N})[.,:/'*×-](?=\p{N})${letters})*`;
/** Marks that are read aloud, or turn what is written round: `%`, `€`, `<`, `@`, the dot of an address. */
const mark = String.raw`[\p{S}\p{Cf}%‰&@#*/\\_•]|(?<=\p{L})\.(?=\p{L})`;
const heard = new RegExp(`${word}|${unspaced}|${mark}`, "gu");

/** Pictures, and what is there to be looked at: they may go unsaid, and never be added. */
const ornament =
  /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Cf}*_~`|•^]$/u;

/** Whether there is a word or a number in it; a mark, a picture or a blank letter alone says nothing. */
export function saysSomething(text: string): boolean {
  return /(?![\p{DI}\p{Lm}])[\p{L}\p{N}]/u.test(text);
}

/** Everything in a text that is heard, in order, whatever its case and punctuation. */
export function wordsOf(text: string): string[] {
  return plain(text).match(heard) ?? [];
}

/** One form of what sounds the same. A fraction or a small figure is no other number: `x²` is not `x2`. */
export function plain(text: string): string {
  return text
    .replace(/[\uFE0E\uFE0F\u20E3]/g, "")
    .replace(/\P{No}+/gu, (part) => part.normalize("NFKC"))
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212]/g, "-");
}

/** Whether one text says the same as the other: with all of its pictures, or with none. */
export function sameWords(one: string, other: string): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)];
  return areEqual(words, others) || areEqual(words, others.filter(isSaid));
}

function isSaid(token: string): boolean {
  return !ornament.test(token);
}

function areEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((token, at) => token === other[at]);
}

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** Says that an answer is written in another language than was asked for; null where it is not. */
export function otherLanguage(written: string | null, asked: string): string | null {
  if (written === null || primary(written) === primary(asked)) return null;
  return `Written in ${nameOf(written)}, since the model does not write ${nameOf(asked)}.`;
}

function primary(tag: string): string {
  return tag.toLowerCase().split("-")[0] ?? "";
}

/** The name in English, or the tag where it has none. */
function nameOf(tag: string): string {
  return names.of(primary(tag)) ?? tag;
}

export type SpokenPart =
  | { kind: "plain"; text: string }
  | { kind: "stressed"; text: string }
  | { kind: "replaced"; text: string; alias: string };

/** How units after a number are said; other languages leave them to the engine. */
const UNITS: Record<string, Record<string, string>> = {
  en: { s: "seconds", ms: "milliseconds", fps: "frames per second", Hz: "hertz", px: "pixels" },
  de: { s: "Sekunden", ms: "Millisekunden", fps: "Bilder pro Sekunde", Hz: "Hertz", px: "Pixel" },
  es: {
    s: "segundos",
    ms: "milisegundos",
    fps: "fotogramas por segundo",
    Hz: "hercios",
    px: "píxeles",
  },
  fr: { s: "secondes", ms: "millisecondes", fps: "images par seconde", Hz: "hertz", px: "pixels" },
};
/** "4 to 7 seconds", "from 4 to 7 s", in the languages above: the words a listener must catch. */
const TIME_SPAN =
  /\d+(?:[.,]\d+)? (?:to|bis|a|à) \d+(?:[.,]\d+)?(?= (?:seconds|Sekunden|segundos|secondes|s)(?![\p{L}\d]))/u;
/** A number with a needless ".0", or with a unit behind it; "1980s" is neither. */
const SPELLED = /(?<![\d.,])(\d{1,3})([.,]0)?( ?)(ms|s|fps|Hz|px)?(?![\p{L}\d.,]*\d)(?![\p{L}])/gu;
/** A listener may hear few words that are not in the text: a checker would call more of them a change. */
const MOST_REPLACED_SHARE = 0.1;

/** Cuts a sentence into what is said as it stands, what is stressed, and what is said otherwise. */
export function spokenParts(sentence: string, language: string): SpokenPart[] {
  const span = TIME_SPAN.exec(sentence);
  if (span === null) return replaceUnits(sentence, language);
  const before = sentence.slice(0, span.index);
  const after = sentence.slice(span.index + span[0].length);
  return [
    ...replaceUnits(before, language),
    { kind: "stressed", text: span[0] },
    ...replaceUnits(after, language, sentence),
  ];
}

function replaceUnits(text: string, language: string, whole = text): SpokenPart[] {
  const units = UNITS[language.toLowerCase().split("-")[0] ?? ""] ?? {};
  const most = Math.max(1, Math.floor(whole.split(/\s+/).length * MOST_REPLACED_SHARE));
  const parts: SpokenPart[] = [];
  let at = 0;
  let replaced = 0;
  for (const match of text.matchAll(SPELLED)) {
    const [found, number = "", zero, gap = "", unit] = match;
    const name = unit === undefined ? undefined : units[unit];
    if (replaced >= most || (name === undefined && zero === undefined)) continue;
    const alias = `${number}${gap}${name ?? unit ?? ""}`.trimEnd();
    parts.push({ kind: "plain", text: text.slice(at, match.index) });
    parts.push({ kind: "replaced", text: found.trimEnd(), alias: spaced(alias, name) });
    at = match.index + found.trimEnd().length;
    replaced += 1;
  }
  parts.push({ kind: "plain", text: text.slice(at) });
  return parts.filter((part) => part.text !== "");
}

/** "4s" is said "4 seconds". */
function spaced(alias: string, name: string | undefined): string {
  return name === undefined ? alias : alias.replace(new RegExp(`(\\d)${name}$`), `$1 ${name}`);
}

/** The pause before the drill and the drill's pace, by the coach's style. */
export function pausesOf(style: string | null): { pause: string; drillRate: string } {
  const wanted = style?.toLowerCase() ?? "";
  if (/calm|gentle|slow|warm/.test(wanted)) return { pause: "700ms", drillRate: "90%" };
  if (/energ|quick|lively|fast/.test(wanted)) return { pause: "250ms", drillRate: "100%" };
  return { pause: "400ms", drillRate: "95%" };
}

import { plain } from "./words.ts";

/**
 * What stands for words that are not written: how it may be read, in the languages that we know. A
 * `sub` that is not here would let a model say whatever it likes.
 */
const readings: Record<string, string> = {
  s: "seconds?|sekunden?|segundos?|secondes?",
  sec: "seconds?",
  ms: "milliseconds?|millisekunden?|milisegundos?|millisecondes?",
  min: "minutes?|minuten?|minutos?",
  h: "hours?|stunden?|horas?|heures?",
  m: "met(?:er|re)s?|meter|metros?|mètres?",
  cm: "centimet(?:er|re)s?|zentimeter|centímetros?|centimètres?",
  mm: "millimet(?:er|re)s?|millimeter|milímetros?|millimètres?",
  km: "kilomet(?:er|re)s?|kilometer|kilómetros?|kilomètres?",
  "km/h":
    "kilomet(?:er|re)s? (?:an|per) hour|kilometer (?:pro|in der) stunde|stundenkilometer|kilómetros? por hora|kilomètres?[ -]heure",
  "m/s":
    "met(?:er|re)s? (?:a|per) second|meter pro sekunde|metros? por segundo|mètres? par seconde",
  mph: "miles (?:an|per) hour",
  g: "grams?|gramm|gramos?|grammes?",
  kg: "kilos?|kilograms?|kilogramm|kilogramos?|kilogrammes?",
  lb: "pounds?",
  lbs: "pounds?",
  fps: "frames (?:a|per) second|bilder pro sekunde|fotogramas por segundo|images par seconde",
  bpm: "beats (?:a|per) minute|schläge pro minute|pulsaciones por minuto|battements par minute",
  rpm: "(?:revolutions|rotations) (?:a|per) minute|umdrehungen pro minute",
  hz: "hertz|hercios?",
  px: "pixels?|pixel|píxeles",
  "%": "per ?cent|prozent|por ciento|pour cent",
  "°": "degrees?|grad|grados?|degrés?",
  "+": "plus|más",
  "&": "and|und|y|et",
  x: "times|mal|veces|fois",
  vs: "versus",
  "vs.": "versus",
  "e.g.": "for example|for instance",
  "i.e.": "that is",
  "etc.": "et cetera",
  "z.b.": "zum beispiel",
  "d.h.": "das heißt",
  "bzw.": "beziehungsweise",
  "ca.": "circa|zirka",
  "p.ej.": "por ejemplo",
  "p.ex.": "par exemple",
};

/** Names of numbers in the same languages, from none on. */
const names = [
  "zero|null|cero|zéro",
  "one|eins?|eine[nmrs]?|uno|una?|une",
  "two|zwei|dos|deux",
  "three|drei|tres|trois",
  "four|vier|cuatro|quatre",
  "five|fünf|cinco|cinq",
  "six|sechs|seis",
  "seven|sieben|siete|sept",
  "eight|acht|ocho|huit",
  "nine|neun|nueve|neuf",
  "ten|zehn|diez|dix",
  "eleven|elf|once|onze",
  "twelve|zwölf|doce|douze",
];

/** Whether `alias` is how `text` is read aloud, word for word and with the same numbers. */
export function isReading(text: string, alias: string): boolean {
  const pieces = plain(text).match(/\d+(?:[.,]\d+)?|[^\s\d]+/gu) ?? [];
  const patterns = pieces.map((piece) => (/\d/.test(piece) ? ofNumber(piece) : ofLetters(piece)));
  const spoken = plain(alias).trim().replace(/\s+/g, " ");
  return pieces.length > 0 && new RegExp(`^${patterns.join("[ -]?")}[.,]?$`, "u").test(spoken);
}

/** `7.0` is 7 and "seven", 7.5 is `7,5` too. */
function ofNumber(digits: string): string {
  const value = Number(digits.replace(",", "."));
  const forms = [digits, `${value}`, `${value}`.replace(".", ",")].map(escaped);
  return `(?:${[...forms, ...(names[value] ?? "").split("|").filter(Boolean)].join("|")})`;
}

/** A known reading, or the letters one by one: "H D M I". */
function ofLetters(piece: string): string {
  const known = Object.hasOwn(readings, piece) ? readings[piece] : undefined;
  const letters = [...piece].filter((character) => /[\p{L}\p{M}]/u.test(character));
  const apart = letters.length > 1 && letters.length <= 6 ? [letters.join("[ .]")] : [];
  return `(?:${[...(known === undefined ? [] : [known]), ...apart, escaped(piece)].join("|")})`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

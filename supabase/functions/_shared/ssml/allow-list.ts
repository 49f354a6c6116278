/** Whether an attribute's value may be spoken with. */
type Rule = (value: string) => boolean;

interface ElementRule {
  attributes: Record<string, Rule>;
  /** Attributes that must be there. */
  required?: string[];
  /** Attributes that are legal and say nothing to us: dropped when written again. */
  dropped?: Record<string, Rule>;
  /** Which elements it may hold; text only where `text` is true. */
  children: ReadonlySet<string>;
  text: boolean;
}

const oneOf = (...values: string[]): Rule => {
  const allowed = new Set(values);
  return (value) => allowed.has(value);
};
const matches =
  (pattern: RegExp): Rule =>
  (value) =>
    pattern.test(value);
const between =
  (pattern: RegExp, least: number, most: number): Rule =>
  (value) => {
    const number = Number(pattern.exec(value)?.[1] ?? Number.NaN);
    return number >= least && number <= most;
  };
const either =
  (...rules: Rule[]): Rule =>
  (value) =>
    rules.some((rule) => rule(value));

const inline = ["break", "emphasis", "prosody", "sub", "say-as"];
const none: ReadonlySet<string> = new Set();

/**
 * What Cloud Text-to-Speech and espeak-ng both understand, and nothing that fetches, records or
 * hides: no `audio`, `mark`, `voice`, `phoneme`, `par`, `seq`. Silent values are refused too: a
 * remark must be heard.
 */
export const allowList: ReadonlyMap<string, ElementRule> = new Map<string, ElementRule>([
  [
    "speak",
    {
      attributes: {},
      dropped: {
        version: oneOf("1.0", "1.1"),
        xmlns: oneOf("http://www.w3.org/2001/10/synthesis"),
        "xml:lang": matches(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/),
      },
      children: new Set(["p", "s", ...inline]),
      text: true,
    },
  ],
  ["p", { attributes: {}, children: new Set(["s", ...inline]), text: true }],
  ["s", { attributes: {}, children: new Set(inline), text: true }],
  [
    "break",
    {
      attributes: {
        time: either(
          between(/^(\d{1,5})ms$/, 0, 10_000),
          between(/^(\d{1,2}(?:\.\d{1,3})?)s$/, 0, 10),
        ),
        strength: oneOf("none", "x-weak", "weak", "medium", "strong", "x-strong"),
      },
      children: none,
      text: false,
    },
  ],
  [
    "emphasis",
    {
      attributes: { level: oneOf("strong", "moderate", "reduced", "none") },
      children: new Set(inline),
      text: true,
    },
  ],
  [
    "prosody",
    {
      attributes: {
        rate: either(
          oneOf("x-slow", "slow", "medium", "fast", "x-fast", "default"),
          between(/^(\d{1,3})%$/, 50, 200),
        ),
        pitch: either(
          oneOf("x-low", "low", "medium", "high", "x-high", "default"),
          between(/^([+-]\d{1,2}(?:\.\d{1,2})?)%$/, -50, 50),
          between(/^([+-]\d{1,2}(?:\.\d{1,2})?)st$/, -12, 12),
        ),
        volume: either(
          oneOf("soft", "medium", "loud", "x-loud", "default"),
          between(/^([+-]\d{1,2}(?:\.\d{1,2})?)dB$/, -6, 6),
        ),
      },
      children: new Set(["p", "s", ...inline]),
      text: true,
    },
  ],
  [
    "sub",
    {
      attributes: { alias: matches(/^\P{C}{1,200}$/u) },
      required: ["alias"],
      children: none,
      text: true,
    },
  ],
  [
    "say-as",
    {
      attributes: {
        "interpret-as": oneOf(
          "cardinal",
          "ordinal",
          "characters",
          "spell-out",
          "fraction",
          "unit",
          "date",
          "time",
          "telephone",
          "verbatim",
        ),
        format: matches(/^[dhmsyHMSY:0-9]{1,12}$/),
      },
      required: ["interpret-as"],
      children: none,
      text: true,
    },
  ],
]);

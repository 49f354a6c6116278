import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { GlobalFonts } from "@napi-rs/canvas";

interface Font {
  package: string;
  /** Characters that need it. */
  needed: RegExp;
}

/** Scripts that have a font of their own, named after them. */
const scripts = [
  "Arabic",
  "Hebrew",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
  "Gujarati",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Sinhala",
  "Thai",
  "Lao",
  "Khmer",
  "Myanmar",
  "Georgian",
  "Armenian",
  "Ethiopic",
];

/** In the order in which a character looks for a font that has it. */
const fonts: readonly Font[] = [
  { package: "@fontsource-variable/noto-sans", needed: /./su },
  ...scripts.map((script) => ({
    package: `@fontsource-variable/noto-sans-${script.toLowerCase()}`,
    needed: new RegExp(`\\p{Script=${script}}`, "u"),
  })),
  { package: "@fontsource-variable/noto-sans-kr", needed: /\p{Script=Hangul}/u },
  {
    package: "@fontsource-variable/noto-sans-sc",
    needed:
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u,
  },
  { package: "@fontsource/noto-color-emoji", needed: /\p{Extended_Pictographic}|\p{RI}|\u20e3/u },
];

const resolve = createRequire(import.meta.url).resolve;
const loaded = new Set<string>();

/**
 * The families for a text, loading what it needs and nothing else: all at once take seconds. They
 * are named, so that a picture is the same whatever fonts the machine has.
 * @returns for `ctx.font`
 */
export function familiesFor(text: string): string {
  const needed = fonts.filter((font) => font.needed.test(text));
  return needed.map(family).join(", ");
}

function family(font: Font): string {
  const name = `Sideline ${font.package.replace(/^.*noto-/, "")}`;
  if (!loaded.has(name)) {
    const files = join(dirname(resolve(`${font.package}/package.json`)), "files");
    for (const file of readdirSync(files)) {
      if (!/(wght|400)-normal\.woff2$/.test(file)) continue;
      GlobalFonts.registerFromPath(join(files, file), name);
    }
    loaded.add(name);
  }
  return `"${name}"`;
}

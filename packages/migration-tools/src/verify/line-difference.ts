import { diff } from "node:util";

/** Of `diff`: what only its first text has, what both have, what only its second has. */
const marks = ["+", " ", "-"];

/**
 * Two texts side by side, as in a patch: `- ` expected only, `+ ` actual only, and `  ` the lines in
 * common next to them; `…` where others are left out.
 */
export function lineDifference(expected: string, actual: string): string[] {
  const lines = diff(expected.split("\n"), actual.split("\n")).map(
    ([sign, line]) => `${marks[sign + 1]} ${line}`,
  );
  const shown: string[] = [];
  let skipped = false;
  for (const [index, line] of lines.entries()) {
    const isNear = [-1, 0, 1].some((offset) => /^[-+]/.test(lines[index + offset] ?? ""));
    if (isNear) {
      if (skipped) shown.push("  …");
      shown.push(line);
    }
    skipped = !isNear;
  }
  return shown;
}

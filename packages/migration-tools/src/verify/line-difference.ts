/**
 * Two texts side by side, as in a patch: `- ` expected only, `+ ` actual only, and `  ` the lines in
 * common next to them; `…` where others are left out.
 */
export function lineDifference(expected: string, actual: string): string[] {
  const lines = align(expected.split("\n"), actual.split("\n"));
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

/** Longest common subsequence; definitions are a page at most. */
function align(left: string[], right: string[]): string[] {
  const lengths = Array.from({ length: left.length + 1 }, () =>
    new Array<number>(right.length + 1).fill(0),
  );
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const length =
        left[row] === right[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
      lengths[row]?.splice(column, 1, length);
    }
  }
  const lines: string[] = [];
  let row = 0;
  let column = 0;
  while (row < left.length || column < right.length) {
    if (row < left.length && column < right.length && left[row] === right[column]) {
      lines.push(`  ${left[row]}`);
      row += 1;
      column += 1;
    } else if (
      column >= right.length ||
      (row < left.length && at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push(`- ${left[row]}`);
      row += 1;
    } else {
      lines.push(`+ ${right[column]}`);
      column += 1;
    }
  }
  return lines;
}

import { padTo, textWidth, wrap } from "./text-width.ts";

/**
 * Lays out rows under a header within `width` columns. The column named `flexible` takes what the
 * others leave and wraps; the others are as wide as their longest cell.
 * @returns lines without colours, the header first, then a rule
 */
export function drawTable(
  width: number,
  header: string[],
  rows: string[][],
  flexible: number,
): string[] {
  const gap = 2;
  const natural = header.map((title, column) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[column] ?? ""))),
  );
  const fixed = natural.reduce((sum, size, column) => sum + (column === flexible ? 0 : size), 0);
  const widths = natural.map((size, column) =>
    column === flexible
      ? Math.max(20, Math.min(size, width - fixed - gap * (header.length - 1)))
      : size,
  );

  const drawRow = (cells: string[]): string[] => {
    const blocks = widths.map((size, column) => wrap(size, cells[column] ?? ""));
    const height = Math.max(1, ...blocks.map(({ length }) => length));
    return Array.from({ length: height }, (_, index) =>
      widths
        .map((size, column) => padTo(size, blocks[column]?.[index] ?? ""))
        .join(" ".repeat(gap))
        .trimEnd(),
    );
  };
  return [
    ...drawRow(header),
    widths.map((size) => "─".repeat(size)).join(" ".repeat(gap)),
    ...rows.flatMap(drawRow),
  ];
}

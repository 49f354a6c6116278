import { table } from "@sideline/migration-tools/markdown";

/** What one case has to show, for people. */
export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
  notes: string[];
}

/** Aligned with blanks; the same text is a table in Markdown. */
export function markdownOf({ title, columns, rows, notes }: Table): string {
  return [`### ${title}`, "", table(columns, rows), "", ...notes, ""].join("\n");
}

/** Replaces what stands between the two marks of `name`, which stay. */
export function replaceSection(document: string, name: string, content: string): string {
  const begin = `<!-- ${name} begins -->`;
  const end = `<!-- ${name} ends -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The document has no section "${begin}" … "${end}".`);
  return `${document.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${document.slice(to)}`;
}

/** Whole numbers with a blank every three digits. */
export function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, " ");
}

/** Milliseconds, three significant digits where small. */
export function millis(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A table with its columns aligned in the source too, so that a diff shows the row that changed. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, index) =>
    Math.max(...cells.map((row) => row[index]?.length ?? 0), 3),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((text, index) => text.padEnd(widths[index] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(cells[0] ?? []), rule, ...cells.slice(1).map(line)].join("\n");
}

/** Text between backticks; a double fence where the text has some itself. */
export function code(text: string): string {
  const plain = text.replaceAll(/\s+/g, " ").trim();
  return plain.includes("`") ? `\`\` ${plain} \`\`` : `\`${plain}\``;
}

/** A link to a heading of the same page. */
export function link(heading: string): string {
  const anchor = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
  return `[${heading}](#${anchor})`;
}

function cell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}

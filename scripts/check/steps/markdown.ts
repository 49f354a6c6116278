/** Targets of links and pictures outside of code, as they are written. */
export function linksOf(markdown: string): string[] {
  const text = withoutCode(markdown);
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const html = [...text.matchAll(/\b(?:href|src)="([^"]+)"/g)];
  const references = [...text.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/gm)];
  return [...inline, ...html, ...references].flatMap(([, target]) => (target ? [target] : []));
}

/** Tests that a document names: the text of a link to a file of tests, unless it is the file's name as `code`. */
export function testsOf(markdown: string): { title: string; link: string }[] {
  const links = markdown.matchAll(/\[([^\]`]+)\]\(([^)\s]+\.test\.(?:ts|sql))\)/g);
  return [...links].map(([, title = "", link = ""]) => ({ title, link }));
}

/** The anchors that a forge makes of the headings. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutCode(markdown, false).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** @param inline also drop `code` within a line; headings keep it */
function withoutCode(markdown: string, inline = true): string {
  const text = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "");
  return inline ? text.replaceAll(/`[^`\n]*`/g, "") : text;
}

/**
 * What migrations say right above a function: who calls it, and why. By `schema.name`; the last
 * definition counts, and the first of several with one name.
 */
export function migrationComments(sources: readonly string[]): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  const pattern = /((?:^--.*\n)+)create (?:or replace )?function ([a-z_]+\.[a-z0-9_]+)\(/gm;
  for (const source of sources) {
    const inFile = new Map<string, string>();
    for (const [, lines = "", name = ""] of source.matchAll(pattern)) {
      const text = lines
        .replaceAll(/^-- ?/gm, "")
        .replaceAll(/\s+/g, " ")
        .replaceAll("<", "&lt;")
        .trim();
      if (!inFile.has(name)) inFile.set(name, text);
    }
    for (const [name, text] of inFile) comments.set(name, text);
  }
  return comments;
}

/** What others read (the CLI: the database's; the functions host), or what has no meaning here. */
const elsewhere = [
  /^project_id$/,
  /^db\./,
  /^functions\./,
  /^edge_runtime\./,
  /^experimental\./,
  /^api\.extra_search_path$/,
  /^(studio|inbucket|analytics)\./,
  /(^|\.)port$/,
];

/**
 * Names of what a project sets and the stack does not read. A part that is switched on is on here
 * anyway; one that is off is not asked for, so nothing of it is named.
 */
export function unreadKeys(config: unknown, read: unknown): string[] {
  const known = new Set(leaves(read));
  return leaves(config).filter((key) => !known.has(key) && !elsewhere.some((one) => one.test(key)));
}

function leaves(value: unknown, path: string[] = []): string[] {
  if (
    typeof value !== "object" ||
    value === null ||
    Array.isArray(value) ||
    value instanceof Date
  ) {
    return path.at(-1) === "enabled" ? [] : [path.join(".")];
  }
  if ("enabled" in value && value.enabled === false) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

/** What others read (the CLI: the database's; the functions host), or what has no meaning here. */
const elsewhere = [
  /^(project_id|db|functions|edge_runtime|experimental|studio|inbucket|local_smtp|analytics)$/,
  /^api\.extra_search_path$/,
  /^(\w+\.)?port$/,
];

/**
 * Names of what a project sets and the stack does not read; a section of which nothing is read goes
 * by its own name. A part that is switched on is on here anyway; one that is off is not asked for.
 */
export function unreadKeys(config: unknown, read: unknown): string[] {
  const inner = (path: string) => (path === "" ? "" : `${path}.`);

  function walk(value: unknown, known: unknown, path: string): string[] {
    if (!isTable(value)) return known === undefined && !path.endsWith(".enabled") ? [path] : [];
    if (value.enabled === false) return [];
    const keys = Object.keys(value).filter(
      (key) => !elsewhere.some((one) => one.test(inner(path) + key)),
    );
    if (path !== "" && !isTable(known)) return keys.some((key) => key !== "enabled") ? [path] : [];
    return keys.flatMap((key) =>
      walk(value[key], isTable(known) ? known[key] : undefined, inner(path) + key),
    );
  }

  return walk(config, read, "");
}

function isTable(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

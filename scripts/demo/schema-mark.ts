import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../project-root.ts";

const markName = "schema-mark";

/**
 * Whether a stack's folder was made from other migrations than today's. They are edited in place
 * until the first release, and the demo's data is worth less than a demo that runs.
 */
export function isOutdated(stackDirectory: string): boolean {
  if (!existsSync(stackDirectory)) return false;
  try {
    return readFileSync(join(stackDirectory, markName), "utf8") !== schemaMark();
  } catch {
    return true;
  }
}

/** Remembers in a stack's folder that it was made from today's migrations. */
export function markSchema(stackDirectory: string): void {
  writeFileSync(join(stackDirectory, markName), schemaMark(), { mode: 0o600 });
}

function schemaMark(): string {
  const hash = createHash("sha256");
  const directory = join(projectRoot, "supabase");
  for (const file of globSync(["migrations/*.sql", "seed.sql"], { cwd: directory }).sort()) {
    hash.update(file).update(readFileSync(join(directory, file)));
  }
  return hash.digest("hex");
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../../../scripts/project-root.ts";

const stackFolder = join(projectRoot, ".local", "stack");

/**
 * Connection string of the embedded stack that runs in this checkout, as role `postgres`, or null
 * where none does. Postgres itself notes its port in postmaster.pid and removes the file when it
 * stops: line 4 is the port, line 8 says `ready`.
 * @param folder the stack's folder, `.local/stack` when not given
 */
export async function embeddedStackUrl(folder = stackFolder): Promise<string | null> {
  const file = join(folder, "postgres", "cluster", "postmaster.pid");
  const lines = await readFile(file, "utf8").then(
    (text) => text.split("\n").map((line) => line.trim()),
    () => [],
  );
  const [, , , port] = lines;
  if (port === undefined || !/^\d+$/.test(port)) return null;
  return `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`;
}

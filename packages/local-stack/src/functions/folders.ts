import { readdir, stat } from "node:fs/promises";
import path from "node:path";

/** Names of the functions in a folder: its folders with an `index.ts` that do not start with `_`. */
export async function listFunctions(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const found = await Promise.all(names.map((name) => isFunction(directory, name)));
  return names.filter((_, index) => found[index]);
}

/** Whether a folder of this name can be a function; `_shared` and the like cannot. */
export function isFunctionName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name);
}

export async function isFunction(directory: string, name: string): Promise<boolean> {
  if (!isFunctionName(name)) return false;
  const entry = await stat(path.join(directory, name, "index.ts")).catch(() => null);
  return entry?.isFile() ?? false;
}

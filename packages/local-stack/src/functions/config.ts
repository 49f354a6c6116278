import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import { systemCode } from "../stack-error.ts";

const configSchema = z.object({
  functions: z.record(z.string(), z.looseObject({ verify_jwt: z.boolean().optional() })).optional(),
});

/** Reads what `supabase/config.toml` says of functions, anew whenever the file has changed. */
export function createFunctionsConfig(file: string): {
  verifiesJwt(name: string): Promise<boolean>;
} {
  let read: { at: number; config: z.infer<typeof configSchema> } | undefined;

  async function current(): Promise<z.infer<typeof configSchema>> {
    try {
      const { mtimeMs } = await stat(file);
      if (read?.at !== mtimeMs) {
        read = { at: mtimeMs, config: configSchema.parse(parse(await readFile(file, "utf8"))) };
      }
      return read.config;
    } catch (error) {
      if (systemCode(error) === "ENOENT") return {};
      throw error;
    }
  }

  return {
    // As hosted, a function is protected unless the project says otherwise.
    verifiesJwt: async (name) => (await current()).functions?.[name]?.verify_jwt ?? true,
  };
}

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

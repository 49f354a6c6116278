import { accessSync, chmodSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { StackError } from "../stack-error.ts";

const runtime = fileURLToPath(new URL("./runtime/main.ts", import.meta.url));

/**
 * The Deno binary out of its npm platform package, which is complete even where install scripts
 * were blocked.
 * @throws StackError `part_failed` when there is none for this machine
 */
export function findDeno(): string {
  const suffix = process.platform === "linux" ? "-glibc" : "";
  const name = `@deno/${process.platform}-${process.arch}${suffix}`;
  const require = createRequire(createRequire(import.meta.url).resolve("deno/package.json"));
  try {
    const binary = path.join(path.dirname(require.resolve(`${name}/package.json`)), "deno");
    makeExecutable(binary);
    return binary;
  } catch (error) {
    throw new StackError(
      "part_failed",
      `The package ${name} is not installed, so Edge Functions cannot run. Run npm ci.`,
      { cause: error },
    );
  }
}

function makeExecutable(binary: string): void {
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    chmodSync(binary, 0o755);
  }
}

/**
 * Arguments that run one function with no more than it has when hosted: the network, its own
 * environment, reading what it is made of, and `/tmp`. Remote modules are kept in Deno's own cache; no lock
 * file is written.
 * @param root folder that holds node_modules, packages and supabase
 * @param downloadsNpm take `npm:` packages from the registry, for they are not in node_modules
 * @param token proves that the line naming the port comes from the runtime, not from the function
 */
export function denoArguments(options: {
  root: string;
  folder: string;
  token: string;
  memoryMb: number;
  downloadsNpm: boolean;
}): string[] {
  const { root, folder, token, memoryMb } = options;
  // The function's own, or one of `supabase/functions` or `supabase` for all.
  const config = [folder, path.dirname(folder), path.join(root, "supabase")]
    .flatMap((at) => ["deno.json", "deno.jsonc"].map((name) => path.join(at, name)))
    .find((file) => existsSync(file));
  const readable = [
    path.dirname(folder),
    path.join(root, "packages"),
    path.join(root, "node_modules"),
    "/tmp",
  ];
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-lock",
    `--node-modules-dir=${options.downloadsNpm ? "none" : "manual"}`,
    config === undefined ? "--no-config" : `--config=${config}`,
    "--allow-net",
    "--allow-import",
    "--allow-env",
    `--allow-read=${readable.join(",")}`,
    "--allow-write=/tmp",
    `--v8-flags=--max-old-space-size=${memoryMb}`,
    runtime,
    path.join(folder, "index.ts"),
    token,
    String(memoryMb),
  ];
}

/** What Deno's complaint about an import means to who reads the stack's log. */
interface MissingImport {
  /** The package is not in node_modules, but may be in the registry. */
  isNpm: boolean;
  sentence: string;
}

/** @param line of a function that does not start; null where it is about something else */
export function missingImport(line: string): MissingImport | null {
  const npm = /Could not find a matching package for '(npm:[^']+)' in the node_modules/.exec(line);
  if (npm !== null) {
    const sentence = `${npm[1]} is not in node_modules and is taken from the npm registry.`;
    return { isNpm: true, sentence };
  }
  const address = /\bImport '(https?:[^']+)' failed/.exec(line);
  if (address === null) return null;
  const sentence = `${address[1]} could not be loaded. Imports of https: and jsr: need the network the first time; npm: packages can be installed in the project.`;
  return { isNpm: false, sentence };
}

#!/usr/bin/env node
/** `migration-tools COMMAND`: the tools for the Supabase project around the working folder. */
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { here } from "./command/here.ts";
import { optionOf } from "./command/take-option.ts";
import type { ProjectOptions } from "./project.ts";
import { run } from "./run.ts";

const configFile = "migration-tools.config";

const args = process.argv.slice(2);
const named = optionOf(args, "--config");
const workdir = optionOf(args, "--workdir");
const directory = workdir === undefined ? projectAround(here()) : path.resolve(here(), workdir);
const file = named === undefined ? configIn(directory) : path.resolve(here(), named);
await run(args, {
  directory,
  ...(file === undefined ? {} : await optionsFrom(file)),
});

/** The nearest folder upwards that holds `supabase/`. */
function projectAround(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, "supabase"))) return at;
    if (at === path.dirname(at)) return folder;
  }
}

function configIn(folder: string): string | undefined {
  return [".ts", ".mjs", ".js"]
    .map((ending) => path.join(folder, configFile + ending))
    .find((candidate) => existsSync(candidate));
}

/** The default export of a config file; what it may hold is `ProjectOptions`. */
async function optionsFrom(config: string): Promise<ProjectOptions> {
  const module: { default?: ProjectOptions } = await import(pathToFileURL(config).href);
  return module.default ?? {};
}

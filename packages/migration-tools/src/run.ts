import path from "node:path";
import { here } from "./command/here.ts";
import { runCommand } from "./command/run-command.ts";
import { optionOf } from "./command/take-option.ts";
import { projectOf } from "./default-project.ts";
import type { Project, ProjectOptions } from "./project.ts";

/** A module of a subcommand. */
interface Command {
  usage(project: Project): string;
  /** Exit code of an error that is neither wrong usage nor a missing connection; 1 without. */
  failureCode?: number;
  /** @returns the exit code */
  run(project: Project, args: string[]): Promise<number>;
}

/** Loaded when called: help should wait for no parser and no driver. */
const commands: Record<string, { about: string; load(): Promise<Command> }> = {
  new: {
    about: "write a migration and its undo from the ordered template",
    load: () => import("./new/command.ts"),
  },
  lint: {
    about: "check every migration and its undo against the rules",
    load: () => import("./lint/command.ts"),
  },
  reset: {
    about: "empty a database and apply all migrations",
    load: () => import("./reset/command.ts"),
  },
  verify: {
    about: "compare a database with what the migrations make",
    load: () => import("./verify/command.ts"),
  },
  push: {
    about: "show what is pending, ask, apply it and verify",
    load: () => import("./push/command.ts"),
  },
  rollback: {
    about: "undo migrations, newest first",
    load: () => import("./rollback/command.ts"),
  },
  types: {
    about: "generate the TypeScript types of the migrated database",
    load: () => import("./types/command.ts"),
  },
  docs: {
    about: "generate the page about the migrated database",
    load: () => import("./docs/command.ts"),
  },
  relationships: {
    about: "exercise every foreign key in SQL, the Data API and the typed client",
    load: () => import("./relationships/command.ts"),
  },
};

const usage = `Usage: migration-tools COMMAND [options]

${Object.entries(commands)
  .map(([name, { about }]) => `  ${name.padEnd(15)}${about}`)
  .join("\n")}

Each has --help. For all of them:

  --workdir DIR    folder that holds supabase/; default: the nearest one upwards
  --reference URL  a database that the migrations alone have made, to compare with or read from,
                   such as a local stack after supabase db reset
  --config FILE    a module whose default export says what is otherwise in this project;
                   default: migration-tools.config.ts (.mjs, .js) in that folder

Exit code: 0 done; 1 a finding or a failure; 2 not begun.`;

/**
 * Runs a command and sets the process's exit code.
 * @param args the command's name and what follows it
 * @param options of the project, of which `--workdir` and `--reference` have the last word
 */
export async function run(
  args: string[],
  options: ProjectOptions & { directory: string },
): Promise<void> {
  const rest = [...args];
  const workdir = optionOf(rest, "--workdir");
  const reference = optionOf(rest, "--reference");
  const directory = workdir === undefined ? options.directory : path.resolve(here(), workdir);
  const [name = "--help", ...own] = rest;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const isAsked = name === "--help" || name === "-h";
    (isAsked ? console.log : console.error)(isAsked ? usage : `No command ${name}.\n\n${usage}`);
    process.exitCode = isAsked ? 0 : 2;
    return;
  }
  const project = projectOf({ ...options, directory }, reference);
  const { usage: usageOf, run: runIt, failureCode } = await command.load();
  const work = async () => {
    if (!own.includes("--help") && !own.includes("-h")) return await runIt(project, own);
    console.log(usageOf(project));
    return 0;
  };
  await runCommand(project.call(name, "--help"), work, failureCode);
}

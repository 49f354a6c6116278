/** For a program around the tools: what it needs before a command is chosen, and nothing heavier. */
export { runCommand, UsageError } from "./command/run-command.ts";
export { projectOf } from "./default-project.ts";
export { run } from "./run.ts";

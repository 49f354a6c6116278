/** For a program around the tools or beside them: no parser is loaded for it. */
export { runCommand, UsageError } from "./command/run-command.ts";
export { connect } from "./connection/connect.ts";
export { chooseTarget, targetHelp, targetOptions } from "./connection/target.ts";
export { projectOf } from "./default-project.ts";
export { run } from "./run.ts";

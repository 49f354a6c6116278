import { StackError } from "../stack-error.ts";

/**
 * Finds the one sentence a person needs in what initdb or postgres printed before giving up.
 * @param otherwise how the sentence begins when the cause is none of the known ones
 */
export function explainPostgresOutput(
  output: string,
  directory: string,
  otherwise: string,
): StackError {
  if (/Address already in use/.test(output)) {
    return new StackError(
      "port_in_use",
      "The database port is already in use. Stop what uses it, or choose another with --db-port.",
      { detail: output },
    );
  }
  if (/lock file ".*" already exists/.test(output)) {
    return new StackError(
      "stack_running",
      `Another Postgres is using ${directory}. Stop it, or choose another folder with --dir.`,
      { detail: output },
    );
  }
  if (/database files are incompatible with server/.test(output)) {
    return new StackError(
      "data_version_mismatch",
      `The data in ${directory} was made by another Postgres. Start once with --reset to begin anew.`,
      { detail: output },
    );
  }
  const lines = output.trim().split("\n");
  const reason =
    lines.findLast((line) => /(?:FATAL|PANIC|error): /.test(line)) ?? lines.at(-1) ?? "";
  return new StackError("postgres_failed", `${otherwise}: ${reason.trim() || "it said nothing"}`, {
    detail: output,
  });
}

import { ConnectionError, told } from "../connection/connection-error.ts";

/** Words on the command line that cannot be understood, or a question nobody is there to answer. */
export class UsageError extends Error {}

/**
 * Runs a command and sets the process's exit code: what `work` answers with, 2 for wrong usage or
 * where no database can be reached, `failureCode` for any other error. An error is its message alone on stderr,
 * so messages are sentences for the person at the prompt; defects of the program keep their stack.
 * @param help how the command's help is called, e.g. `npm run db:new -- --help`
 */
export async function runCommand(
  help: string,
  work: () => Promise<number>,
  failureCode = 1,
): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (error instanceof UsageError || isArgumentError(error)) {
      console.error(`${error.message}\nSee ${help}`);
      process.exitCode = 2;
      return;
    }
    if (!(error instanceof Error) || error instanceof TypeError) throw error;
    console.error(told(error));
    process.exitCode = error instanceof ConnectionError ? 2 : failureCode;
  }
}

/** What `parseArgs` throws. */
function isArgumentError(error: unknown): error is Error {
  return (
    error instanceof TypeError && "code" in error && `${error.code}`.startsWith("ERR_PARSE_ARGS_")
  );
}

export { findDeno } from "./functions/deno-command.ts";
export type { CallUsage as FunctionCallUsage } from "./functions/index.ts";
export { noteApplied } from "./migrate/migrate.ts";
export { type CliResult, runSupabaseCli } from "./migrate/supabase-cli.ts";
export { defaultStackDirectory, projectDirectory } from "./project.ts";
export { openSql, type Queries, type Sql } from "./sql/sql.ts";
export { type Stack, type StackOptions, startStack } from "./stack.ts";
export { StackError, type StackErrorCode } from "./stack-error.ts";
export {
  type DisposableDatabase,
  startDisposableDatabase,
  startTemporaryStack,
  type TemporaryStack,
  temporaryFolder,
} from "./temporary-stack.ts";

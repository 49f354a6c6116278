export { type DisposableDatabase, startDisposableDatabase } from "./disposable-database.ts";
export { runSupabaseCli } from "./migrate/supabase-cli.ts";
export { type Stack, type StackOptions, startStack } from "./stack.ts";
export { StackError, type StackErrorCode } from "./stack-error.ts";

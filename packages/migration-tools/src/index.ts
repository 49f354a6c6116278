/** Lint, verification, documentation and proofs of a Supabase project's migrations. */
export { checkPage, writePage } from "./docs/database-page.ts";
export { lintProject } from "./lint/lint-project.ts";
export { rulesPage } from "./lint/report/rules-page.ts";
export { textReport } from "./lint/report/text.ts";
export { exerciseAll, reachableIn } from "./relationships/exercise-all.ts";
export { problemLines } from "./relationships/report-table.ts";
export { typedQueries } from "./relationships/typed-queries.ts";
export { checkTypedQueries } from "./relationships/typed-queries-source.ts";
export { migratedDatabase } from "./snapshot/migrated-database.ts";
export { checkTypes, writeTypes } from "./types/generated-types.ts";
export { readMigrationTexts } from "./verify/history.ts";
export { report } from "./verify/report.ts";
export { readState } from "./verify/state.ts";
export { judge } from "./verify/verify.ts";

/** Lint, verification, documentation and proofs of a Supabase project's migrations. */
export { databasePage } from "./docs/command.ts";
export { checkGenerated, type GeneratedFile, writeGenerated } from "./generated.ts";
export { lintProject } from "./lint/lint-project.ts";
export { rulesPage } from "./lint/report/rules-page.ts";
export { textReport } from "./lint/report/text.ts";
export type {
  CliResult,
  LocalStack,
  MigratedDatabase,
  Project,
  ProjectOptions,
} from "./project.ts";
export { exerciseAll, type Report } from "./relationships/exercise-all.ts";
export type { Place, RelationshipOptions } from "./relationships/options.ts";
export { problemLines } from "./relationships/report-table.ts";
export { typeProblems } from "./relationships/typed-queries.ts";
export { databaseTypes } from "./types/command.ts";
export { readMigrationTexts } from "./verify/history.ts";
export { report } from "./verify/report.ts";
export { readState } from "./verify/state.ts";
export { judge } from "./verify/verify.ts";

/** `npm run db:lint`: what is wrong with the migrations, said before any database sees them. */
import { lintProject } from "./lint-project.ts";
import { parseOptions, UsageError, usage } from "./options.ts";
import { UnreadableFile } from "./read-project.ts";
import { textReport } from "./report/text.ts";

process.exitCode = main();

function main(): number {
  try {
    const { files, json, help } = parseOptions(process.argv.slice(2));
    if (help) {
      console.log(usage);
      return 0;
    }
    const result = lintProject(files, process.env.INIT_CWD ?? process.cwd());
    const { findings, notes } = result;
    console.log(
      json ? JSON.stringify({ files: result.files, findings, notes }) : textReport(result),
    );
    return findings.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof UnreadableFile)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return 2;
  }
}

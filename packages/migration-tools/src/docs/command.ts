/** `docs`: the page about the database that the migrations make. */
import { parseArgs } from "node:util";
import type { Project } from "../project.ts";
import { checkPage, writePage } from "./database-page.ts";

const usage = (project: Project) => `Usage: ${project.call("docs", "[options]")}

Writes ${project.page.file} from a database that was freshly migrated from the project's files:
diagram, tables, constraints, policies, grants, embeddings and functions.

  --check        write nothing, only compare
  --workdir DIR  folder that holds supabase/
  --help         show this text

Exit code: 0 written, or up to date; 1 out of date (--check), or a migration failed; 2 wrong usage.`;

export async function docs(project: Project, args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { check: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage(project));
    return 0;
  }
  const { file } = project.page;
  await using database = await project.migratedDatabase(project.directory, () => {});
  if (!values.check) {
    const isNew = await writePage(project, database.dbUrl);
    console.log(`${file} ${isNew ? "written" : "was up to date"}`);
    return 0;
  }
  const problem = await checkPage(project, database.dbUrl);
  console.log(problem ?? `${file} is up to date`);
  return problem === null ? 0 : 1;
}

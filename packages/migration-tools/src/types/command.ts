/** `types`: the TypeScript types of the database that the migrations make. */
import { parseArgs } from "node:util";
import type { Project } from "../project.ts";
import { checkTypes, writeTypes } from "./generated-types.ts";

const usage = (project: Project) => `Usage: ${project.call("types", "[options]")}

Writes ${project.typesFile}: what Supabase's type generator makes of a
database that was freshly migrated from the project's files.

  --check        write nothing, only compare
  --workdir DIR  folder that holds supabase/
  --help         show this text

Exit code: 0 written, or up to date; 1 out of date (--check), or a migration failed; 2 wrong usage.`;

export async function types(project: Project, args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { check: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage(project));
    return 0;
  }
  await using database = await project.migratedDatabase(project.directory, () => {});
  const { typesFile } = project;
  if (!values.check) {
    const isNew = await writeTypes(project, database.dbUrl);
    console.log(`${typesFile} ${isNew ? "written" : "was up to date"}`);
    return 0;
  }
  const problem = await checkTypes(project, database.dbUrl);
  console.log(problem ?? `${typesFile} is up to date`);
  return problem === null ? 0 : 1;
}

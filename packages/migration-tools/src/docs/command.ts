/** `docs`: the page about the database that the migrations make. */
import { type GeneratedFile, generate, usageOf } from "../generated.ts";
import type { Project } from "../project.ts";
import { readCatalogue } from "./catalogue.ts";
import { pageText } from "./page.ts";

export const databasePage: GeneratedFile = {
  command: "docs",
  file: ({ page }) => page.file,
  textOf: async (project, dbUrl) => pageText(await readCatalogue(project, dbUrl), project),
};

export const usage = (project: Project) =>
  usageOf(
    databasePage,
    project,
    "diagram, tables, constraints, policies, grants, embeddings and\nfunctions of a database that was freshly migrated from the project's files.",
  );

export function run(project: Project, args: string[]): Promise<number> {
  return generate(databasePage, project, args);
}

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "../project.ts";
import { readCatalogue } from "./catalogue.ts";
import { databasePage } from "./page.ts";

/**
 * Compares the committed page with what the database would make it.
 * @param dbUrl of a freshly migrated database, as role `postgres`
 * @returns one sentence where it is out of date; null where it is not
 */
export async function checkPage(project: Project, dbUrl: string): Promise<string | null> {
  if ((await committedPage(project)) === (await pageOf(project, dbUrl))) return null;
  return `${project.page.file} is not what the migrations make: ${project.call("docs")}`;
}

/** @returns whether the file has changed */
export async function writePage(project: Project, dbUrl: string): Promise<boolean> {
  const page = await pageOf(project, dbUrl);
  if ((await committedPage(project)) === page) return false;
  await writeFile(join(project.directory, project.page.file), page);
  return true;
}

/** The page as the database makes it. */
export async function pageOf(project: Project, dbUrl: string): Promise<string> {
  return databasePage(await readCatalogue(project, dbUrl), project);
}

function committedPage({ directory, page }: Project): Promise<string | null> {
  return readFile(join(directory, page.file), "utf8").catch(() => null);
}

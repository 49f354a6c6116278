import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../../../scripts/project-root.ts";
import { readCatalogue } from "./catalogue.ts";
import { databasePage } from "./page.ts";

/** Where the page is committed, relative to the project's root. */
export const pageFile = "docs/database.md";

/**
 * Compares the committed page with what the database would make it.
 * @param dbUrl of a freshly migrated database, as role `postgres`
 * @returns one sentence where it is out of date; null where it is not
 */
export async function checkPage(dbUrl: string): Promise<string | null> {
  if ((await committedPage()) === databasePage(await readCatalogue(dbUrl))) return null;
  return `${pageFile} is not what the migrations make: npm run db:docs`;
}

/** @returns whether the file has changed */
export async function writePage(dbUrl: string): Promise<boolean> {
  const page = databasePage(await readCatalogue(dbUrl));
  if ((await committedPage()) === page) return false;
  await writeFile(join(projectRoot, pageFile), page);
  return true;
}

function committedPage(): Promise<string | null> {
  return readFile(join(projectRoot, pageFile), "utf8").catch(() => null);
}

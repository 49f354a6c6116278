/** Who may do what to which table, as docs/concepts.md says: for every table and view there is. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import { cloneDatabase, insertSampleRows } from "@sideline/proving-ground/testing";
import { expect, inject, test } from "vitest";
import { accessTable } from "./access.ts";

test("the table of rights in docs/concepts.md is what the database does", async () => {
  await using database = await cloneDatabase(inject("stack"));
  const sql = database.sql("postgres");
  const client = await database.client("postgres");
  const owner = randomUUID();
  const another = randomUUID();
  await sql`insert into auth.users (id, email) values
    (${owner}, 'owner@sideline.test'), (${another}, 'another@sideline.test')`;
  await insertSampleRows(client, owner);

  const observed = await accessTable(sql, { owner, another });

  const page = await readFile(join(projectDirectory, "docs", "concepts.md"), "utf8");
  const [, section = ""] = page.split("## Who may do what to which rows");
  const documented = section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.replace(/\s+\|/g, " |").replace(/\|\s+/g, "| "));
  expect(documented, observed.join("\n")).toEqual(observed);
});

import { checkGenerated, databasePage } from "@sideline/migration-tools";
import { cloneDatabase } from "@sideline/proving-ground/testing";
import { expect, inject, test } from "vitest";
import { sideline } from "./sideline.ts";

test("the committed page is the migrated database's, and a change of it is noticed", async () => {
  await using database = await cloneDatabase(inject("stack"));
  const client = await database.client("postgres");

  expect(await checkGenerated(databasePage, sideline, database.url)).toBeNull();

  await client.query("comment on column public.coach_voices.name is 'Another name.'");
  expect(await checkGenerated(databasePage, sideline, database.url)).toMatch(/npm run db:docs$/);

  await client.query("create table public.plain (id int primary key)");
  const text = await databasePage.textOf(sideline, database.url);
  expect(text).toContain("row level security is off\n- grants: nobody through the Data API\n");
});

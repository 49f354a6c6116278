import { expect, test } from "vitest";
import { originOf } from "./origin.ts";

const files = [
  {
    version: "1",
    file: "1_tables.sql",
    text: `create table public.jobs (id int);
create unique index jobs_id on public.jobs (id);
create policy "owners read" on public.jobs for select using (true);
create function pipeline.now() returns timestamptz language sql as 'select now()';`,
  },
  {
    version: "2",
    file: "2_more.sql",
    text: `create or replace function pipeline.now() returns timestamptz language sql as '';
create table public.jobs_archive (id int references public.jobs);
create view public.seen as select id from public.jobs;
grant select on public.jobs_archive, public.jobs to anon, authenticated;
grant select (id) on public.seen to anon;
-- drops nothing of public.lost`,
  },
];

test.each([
  ["table", "public.jobs", "1_tables.sql"],
  ["table", "public.jobs_archive", "2_more.sql"],
  ["index", "public.jobs_id", "1_tables.sql"],
  ["policy", '"owners read" on public.jobs', "1_tables.sql"],
  ["function", "pipeline.now()", "2_more.sql"],
  ["table", "public.lost", null],
  ["column", "public.jobs_archive.id", "2_more.sql"],
  ["column", "public.seen.id", "2_more.sql"],
  ["grant", "table public.jobs to anon", "2_more.sql"],
  ["grant", "column public.seen.id to anon", "2_more.sql"],
  ["grant", "table public.seen to authenticated", null],
])("%s %s is made by %s", (kind, name, file) => {
  expect(originOf({ kind, name }, files)?.file.file ?? null).toBe(file);
});

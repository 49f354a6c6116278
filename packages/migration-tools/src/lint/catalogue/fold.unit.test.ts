import { expect, test } from "vitest";
import { readSource } from "../source/read-source.ts";
import type { Kind } from "./catalogue.ts";
import { foldFiles } from "./fold.ts";

/** Names of what is there in the end. */
function namesAfter(sql: string, kinds: Kind[]): string[] {
  const catalogue = foldFiles([readSource("a.sql", sql)]);
  return catalogue.after(catalogue.endOf(), kinds).map(({ name }) => name);
}

test("a table brings its columns, keys and the sequence of its identity", () => {
  const sql = `create table public.a (
    id bigint generated always as identity primary key,
    b_id int references public.b (id),
    constraint a_b_id_key unique (b_id),
    constraint b_id_is_positive check (b_id > 0)
  );`;

  expect(namesAfter(sql, ["table", "column", "sequence"])).toEqual([
    "public.a",
    "public.a.id",
    "public.a.b_id",
    "public.a_id_seq",
  ]);
  expect(namesAfter(sql, ["index"])).toEqual(["public.a_pkey", "public.a_b_id_key"]);
  expect(namesAfter(sql, ["foreign key", "constraint"])).toEqual([
    "a_b_id_fkey on public.a",
    "a_pkey on public.a",
    "a_b_id_key on public.a",
    "b_id_is_positive on public.a",
  ]);
});

test("what goes with a table, column or constraint is gone", () => {
  const made = `create table public.a (id int primary key, b int, constraint k unique (b));
    create policy p on public.a for select to authenticated using (true);
    create trigger t before insert on public.a for each row execute function public.f();`;
  const parts: Kind[] = ["column", "index", "constraint", "policy", "trigger"];

  expect(namesAfter(`${made} drop table public.a;`, parts)).toEqual([]);
  expect(namesAfter(`${made} alter table public.a drop column b;`, ["column", "index"])).toEqual([
    "public.a.id",
    "public.a_pkey",
  ]);
  expect(namesAfter(`${made} alter table public.a drop constraint k;`, ["index"])).toEqual([
    "public.a_pkey",
  ]);
});

test("what is dropped by name is gone, and its namesakes on other tables stay", () => {
  const sql = `create policy p on public.a for select to authenticated using (true);
    create policy p on public.b for select to authenticated using (true);
    create trigger t before insert on public.a for each row execute function public.f();
    create trigger t before insert on public.b for each row execute function public.f();
    create index i on public.a (id);
    create index j on public.a (id);
    create view public.v as select 1 as one;
    create type public.k as enum ('x');
    drop policy p on public.a;
    drop trigger t on public.a;
    drop index public.i;
    drop view public.v;
    drop type public.k;`;

  expect(namesAfter(sql, ["policy", "trigger", "index", "view", "column", "type"])).toEqual([
    "p on public.b",
    "t on public.b",
    "public.j",
  ]);
});

test("a replaced view has its new columns only, and leaves other views theirs", () => {
  const sql = `create view public.other as select 1 as one;
    create view public.v as select 1 as one;
    create or replace view public.v as select 1 as one, a.two, now(), 3 from public.a as a;`;

  expect(namesAfter(sql, ["view", "column"])).toEqual([
    "public.other",
    "public.v",
    "public.other.one",
    "public.v.one",
    "public.v.two",
    "public.v.now",
    "public.v.*",
  ]);
});

test("functions are told apart by their input types, however these are spelled", () => {
  const sql = `create function a.f(x int, y bigint[], out z text) language sql as 'select 1';
    create function a.f(x text) returns int language sql as 'select 1';
    drop function a.f(integer, int8[]);`;

  expect(namesAfter(sql, ["function"])).toEqual(["a.f(text)"]);
});

test("a renamed table or column goes by its new name", () => {
  const sql = `create table public.a (id int, b int);
    create index i on public.a (b);
    alter table public.a rename column b to c;
    alter table public.a rename to z;`;

  expect(namesAfter(sql, ["table", "column"])).toEqual(["public.z", "public.z.id", "public.z.c"]);
  const catalogue = foldFiles([readSource("a.sql", sql)]);
  const [index] = catalogue.after(catalogue.endOf(), ["index"]);
  expect(index).toMatchObject({ owner: "public.z", columns: ["c"] });
});

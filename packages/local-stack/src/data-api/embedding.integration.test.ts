import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";
import { type Case, expectAnswer } from "./test-answers.ts";

let stack: TestGateway;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
  await stack.migrate(`
    create table public.parents (id int primary key, name text, user_id uuid references auth.users);
    create table public.children (
      id int primary key, parent_id int not null references public.parents, label text
    );
    create table public.groups (id int primary key, parent_id int references public.groups);
    create table public.letters (
      id int primary key, pages numeric,
      sender_id int not null references public.parents, receiver_id int references public.parents
    );
    create view public.short_letters as
      select id, pages, sender_id as writer from public.letters where pages < 5;
    create table public.marks (id int primary key, label text);
    create table public.letter_marks (
      letter_id int references public.letters, mark_id int references public.marks,
      primary key (letter_id, mark_id)
    );
    create table public.notes (
      id int primary key,
      letter_id int references public.letters, mark_id int references public.marks
    );
    create table public.stamps (id int primary key, letter_id int references public.letters);
    create table public.albums (
      id int primary key,
      mark_id int references public.marks, stamp_id int references public.stamps
    );
    create table public.lines (book int, number int, words text, primary key (book, number));
    create table public.readings (
      id int primary key, book int not null, number int not null, again int,
      constraint readings_line_fkey foreign key (book, number) references public.lines,
      constraint readings_again_fkey foreign key (book, again) references public.lines
    );
    create table public.drawings (
      id int primary key, book int not null, number int not null,
      constraint drawings_line_key unique (book, number),
      constraint drawings_line_fkey foreign key (book, number) references public.lines
    );
    insert into public.parents values (1, 'a'), (2, 'b'), (3, 'c');
    insert into public.children values (1, 1, 'a1'), (2, 1, 'a2'), (3, 2, 'b1');
    insert into public.groups values (1, null), (2, 1), (3, 1);
    insert into public.letters values (1, 2.5, 1, 2), (2, 10, 2, null);
    insert into public.marks values (7, 'red');
    insert into public.letter_marks values (1, 7);
    insert into public.stamps values (1, 1), (2, 1);
    insert into public.lines values (1, 1, 'a'), (1, 2, 'b');
    insert into public.readings values (1, 1, 1, 2), (2, 1, 2, null);
    insert into public.drawings values (5, 1, 2);
    grant all on all tables in schema public to service_role;
  `);
});
afterAll(() => stack.stop());

const unrelated = { status: 400, error: { code: "PGRST200" } };
const ambiguous = { status: 300, error: { code: "PGRST201" } };

const cases: Case[] = [
  [
    "to many, both in the order asked for",
    (db) =>
      db
        .from("parents")
        .select("name, children(label)")
        .order("name")
        .order("label", { referencedTable: "children", ascending: false }),
    {
      data: [
        { name: "a", children: [{ label: "a2" }, { label: "a1" }] },
        { name: "b", children: [{ label: "b1" }] },
        { name: "c", children: [] },
      ],
    },
  ],
  [
    "to one, and only rows that have it",
    (db) => db.from("children").select("label, parents!inner(name)").eq("parents.name", "b"),
    { data: [{ label: "b1", parents: { name: "b" } }] },
  ],
  [
    "by two keys it is ambiguous without a hint, and the refusal names the hints",
    (db) => db.from("letters").select("*, parents(*)"),
    {
      status: 300,
      error: {
        code: "PGRST201",
        message:
          "Could not embed because more than one relationship was found for 'letters' and 'parents'",
        hint: expect.stringContaining("'parents!letters_sender_id_fkey'"),
      },
    },
  ],
  ["an alias is no hint", (db) => db.from("letters").select("sender_id:parents(name)"), ambiguous],
  [
    "a key is a hint",
    (db) =>
      db
        .from("letters")
        .select(
          "id, sender:parents!letters_sender_id_fkey(name), to:parents!letters_receiver_id_fkey(name)",
        )
        .order("id"),
    {
      data: [
        { id: 1, sender: { name: "a" }, to: { name: "b" } },
        { id: 2, sender: { name: "b" }, to: null },
      ],
    },
  ],
  [
    "a key is a hint in the other direction",
    (db) => db.from("parents").select("letters!letters_receiver_id_fkey(id)").order("id"),
    { data: [{ letters: [] }, { letters: [{ id: 1 }] }, { letters: [] }] },
  ],
  [
    "a key's column is a name",
    (db) => db.from("letters").select("writer:sender_id(name)").eq("id", 1),
    { data: [{ writer: { name: "a" } }] },
  ],
  [
    "a key's column is a hint",
    (db) => db.from("letters").select("parents!receiver_id(name)").eq("id", 1),
    { data: [{ parents: { name: "b" } }] },
  ],
  [
    "many to many goes through the join table",
    (db) => db.from("marks").select("label, letters(id)"),
    { data: [{ label: "red", letters: [{ id: 1 }] }] },
  ],
  [
    "a table is no join table without both keys in its primary key",
    (db) => db.from("stamps").select("id, marks(label)"),
    {
      status: 400,
      error: {
        code: "PGRST200",
        message: "Could not find a relationship between 'stamps' and 'marks' in the schema cache",
      },
    },
  ],
  ["the same, nested", (db) => db.from("letters").select("id, stamps(id, marks(*))"), unrelated],
  [
    "a key into another schema is no relationship",
    (db) => db.from("parents").select("*, users(*)"),
    unrelated,
  ],
  [
    "a table in itself is its children",
    (db) => db.from("groups").select("id, groups(id)").eq("id", 1),
    { data: [{ id: 1, groups: [{ id: 2 }, { id: 3 }] }] },
  ],
  [
    "a table in itself by the key's column is its parent",
    (db) => db.from("groups").select("id, parent_id(id)").eq("id", 2),
    { data: [{ id: 2, parent_id: { id: 1 } }] },
  ],
  [
    "a table in itself by the key's name is neither",
    (db) => db.from("groups").select("id, groups!groups_parent_id_fkey(id)"),
    unrelated,
  ],
  [
    "one label twice is Postgres' own refusal",
    (db) => db.from("letters").select("parents!sender_id(id), parents!receiver_id(id)"),
    { error: { code: "42712" } },
  ],
  [
    "a view has the keys of its table",
    (db) => db.from("short_letters").select("id, parents(name), stamps(id)"),
    { data: [{ id: 1, parents: { name: "a" }, stamps: [{ id: 1 }, { id: 2 }] }] },
  ],
  [
    "rows without children",
    (db) => db.from("letters").select("id, stamps(id)").is("stamps", null),
    { data: [{ id: 2, stamps: [] }] },
  ],
  [
    "no other comparison with children",
    (db) => db.from("letters").select("id, stamps(id)").eq("stamps", 1),
    { status: 400, error: { code: "PGRST120" } },
  ],
  [
    "rows in the order of their parents",
    (db) =>
      db
        .from("letters")
        .select("id, writer:parents!sender_id(name)")
        .order("name", { referencedTable: "writer" })
        .order("writer(name)", { ascending: false }),
    {
      data: [
        { id: 2, writer: { name: "b" } },
        { id: 1, writer: { name: "a" } },
      ],
    },
  ],
  [
    "spread into the row, an object by its columns",
    (db) => db.from("letters").select("id, ...parents!sender_id(writer:name)").eq("id", 1),
    { data: [{ id: 1, writer: "a" }] },
  ],
  [
    "spread into the row, a list as lists",
    (db) => db.from("letters").select("id, ...stamps(stamp:id)").order("id"),
    {
      data: [
        { id: 1, stamp: [1, 2] },
        { id: 2, stamp: [] },
      ],
    },
  ],
  [
    "keys of several columns join by all of them",
    (db) =>
      db
        .from("readings")
        .select("id, line:lines!readings_line_fkey(words), again:lines!readings_again_fkey(words)")
        .order("id"),
    {
      data: [
        { id: 1, line: { words: "a" }, again: { words: "b" } },
        { id: 2, line: { words: "b" }, again: null },
      ],
    },
  ],
  [
    "a hint may stand where none is needed",
    (db) => db.from("drawings").select("id, lines!drawings_line_fkey(words)"),
    { data: [{ id: 5, lines: { words: "b" } }] },
  ],
  [
    "a hint and inner, with a condition",
    (db) =>
      db
        .from("readings")
        .select("id, lines!readings_again_fkey!inner(words)")
        .eq("lines.words", "b"),
    { data: [{ id: 1, lines: { words: "b" } }] },
  ],
  [
    "a unique key is one-to-one from the other side; another is a list",
    (db) =>
      db
        .from("lines")
        .select("words, drawings(id), readings!readings_line_fkey(id)")
        .order("words"),
    {
      data: [
        { words: "a", drawings: null, readings: [{ id: 1 }] },
        { words: "b", drawings: { id: 5 }, readings: [{ id: 2 }] },
      ],
    },
  ],
  [
    "a unique key is one-to-one at any depth",
    (db) =>
      db
        .from("readings")
        .select("id, line:lines!readings_line_fkey(words, picture:drawings!drawings_line_fkey(id))")
        .eq("id", 2)
        .single(),
    { data: { id: 2, line: { words: "b", picture: { id: 5 } } } },
  ],
];

test.each(cases)("%s", async (_, ask, expected) => {
  expectAnswer(await ask(stack.service()), expected);
});

test("aggregates are refused until postgres allows them; then they group", async () => {
  const service = stack.service();
  const refused = await service.from("letters").select("pages.sum()");
  await stack.migrate(`
    alter role authenticator set pgrst.db_aggregates_enabled = 'true';
    notify pgrst, 'reload config';
  `);
  const group = () =>
    service.from("letters").select("sender_id, pages.sum(), count()").order("sender_id");
  await expect.poll(async () => (await group()).error).toBeNull();
  const grouped = await group();
  const counted = await service.from("letters").select("id, stamps(count())").order("id");
  await stack.migrate("alter role authenticator reset pgrst.db_aggregates_enabled");

  expect(refused.error?.code).toBe("PGRST123");
  expect(grouped.data).toEqual([
    { sender_id: 1, sum: 2.5, count: 1 },
    { sender_id: 2, sum: 10, count: 1 },
  ]);
  expect(counted.data).toEqual([
    { id: 1, stamps: [{ count: 2 }] },
    { id: 2, stamps: [{ count: 0 }] },
  ]);
});

import { expect, test } from "vitest";
import { pick, words } from "./ast.ts";
import { lineAndColumn } from "./places.ts";
import { readSource } from "./read-source.ts";

test("splits where a statement ends, not at every semicolon", () => {
  const file = readSource(
    "a.sql",
    `select ';'; -- one;
create function a.f() returns int begin atomic; select case when true then 1 end; end;
create rule r as on insert to a.b do also (select 1; select 2);
create function a.g() returns void language sql as $body$ select 1; select 2; $body$`,
  );

  expect(file.failures).toEqual([]);
  expect(file.statements.map(({ text }) => text.slice(0, 13))).toEqual([
    "select ';'",
    "create functi",
    "create rule r",
    "create functi",
  ]);
  expect(file.statements.at(-1)?.body?.queries).toHaveLength(2);
});

test("places are characters, whatever the bytes before them", () => {
  const file = readSource(
    "a.sql",
    "-- Größe 🎬\nselect 'é', public.missing('ü') , public.other();",
  );
  const statement = file.statements[0];
  const calls = pick(statement?.node, "SelectStmt")?.targetList?.flatMap(
    (target) => pick(pick(target, "ResTarget")?.val, "FuncCall") ?? [],
  );

  const places = calls?.map(({ location }) => statement?.at(location) ?? -1);

  expect(places?.map((place) => file.text.slice(place, place + 9))).toEqual([
    "public.mi",
    "public.ot",
  ]);
  expect(lineAndColumn(file.text, places?.[0] ?? 0)).toEqual({ line: 2, column: 13 });
});

test("finds each piece of SQL in a PL/pgSQL body where it stands", () => {
  const file = readSource(
    "a.sql",
    `create function a.f(p int) returns void language plpgsql as $$
declare
  v_count int := a.first();
begin
  perform a.second();
  select b.id into v_count from a.third() as b;
  if a.fourth() then
    v_count := a.fifth();
  end if;
  for v_count in select * from a.sixth() loop
    return query select a.seventh();
  end loop;
end
$$;`.replace("returns void", "returns setof int"),
  );
  expect(file.failures).toEqual([]);
  const body = file.statements[0]?.body;

  const found = body?.queries.flatMap((sql) =>
    [
      ...JSON.stringify(sql.node).matchAll(
        /"funcname":\[\{"String":\{"sval":"a"\}\}.*?"location":(\d+)\}/g,
      ),
    ].map(([, location]) => file.text.slice(sql.at(Number(location))).match(/^a\.\w+/)?.[0]),
  );

  expect(found?.toSorted()).toEqual(
    ["a.first", "a.second", "a.third", "a.fourth", "a.fifth", "a.sixth", "a.seventh"].toSorted(),
  );
});

test("what follows a broken statement is read all the same", () => {
  const file = readSource("a.sql", "create tabel a;\ncreate schema b;\ncreate schema;");

  expect(file.failures.map(({ offset }) => lineAndColumn(file.text, offset).line)).toEqual([1, 3]);
  expect(file.statements.map(({ node }) => pick(node, "CreateSchemaStmt")?.schemaname)).toEqual([
    "b",
  ]);
});

test("a quote without an end is one failure at its place", () => {
  const file = readSource("a.sql", "create schema a;\nselect 'open;\n");

  expect(file.statements).toEqual([]);
  expect(file.failures).toHaveLength(1);
  expect(lineAndColumn(file.text, file.failures[0]?.offset ?? 0)).toEqual({ line: 2, column: 8 });
});

test("a body between single quotes is read too", () => {
  const file = readSource(
    "a.sql",
    "create function a.f() returns int language sql as 'select a.g()';",
  );
  const query = file.statements[0]?.body?.queries[0];

  const target = pick(query?.node, "SelectStmt")?.targetList?.[0];
  const name = words(pick(pick(target, "ResTarget")?.val, "FuncCall")?.funcname);
  expect(name).toEqual(["a", "g"]);
});

test("a body that assigns to a field of a composite variable is read too", () => {
  const file = readSource(
    "a.sql",
    "create function a.f() returns void language plpgsql as $$\ndeclare\n  v a.row;\nbegin\n  v.says := a.g();\nend\n$$;",
  );

  expect(file.failures).toEqual([]);
  expect(file.statements[0]?.body?.queries).toHaveLength(1);
});

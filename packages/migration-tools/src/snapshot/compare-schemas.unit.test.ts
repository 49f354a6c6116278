import { expect, test } from "vitest";
import { compareSchemas } from "./compare-schemas.ts";
import type { SchemaObject } from "./schema-object.ts";

const table: SchemaObject = { kind: "table", name: "public.a", definition: "table" };
const column: SchemaObject = {
  kind: "column",
  name: "public.a.id",
  definition: "int",
  parent: "table public.a",
};
const grant: SchemaObject = {
  kind: "grant",
  name: "column public.a.id to anon",
  definition: "select",
  parent: "column public.a.id",
};

test("the same objects in another order are no difference", () => {
  expect(compareSchemas([table, column], [{ ...column }, { ...table }])).toEqual([]);
});

test("a changed object is told with both definitions", () => {
  expect(compareSchemas([table, column], [table, { ...column, definition: "bigint" }])).toEqual([
    {
      kind: "column",
      name: "public.a.id",
      change: "changed",
      expected: "int",
      actual: "bigint",
      parts: [],
    },
  ]);
});

test("a missing table takes along all that belongs to it", () => {
  expect(compareSchemas([table, column, grant], [])).toEqual([
    {
      kind: "table",
      name: "public.a",
      change: "missing",
      expected: "table",
      actual: null,
      parts: ["column public.a.id", "grant column public.a.id to anon"],
    },
  ]);
});

test("what is new in a table that was expected stands for itself", () => {
  const found = compareSchemas([table], [table, column, grant]);

  expect(found.map(({ change, name, parts }) => [change, name, parts])).toEqual([
    ["unexpected", "public.a.id", ["grant column public.a.id to anon"]],
  ]);
});

test("two objects of one name are a mistake of whoever read them", () => {
  expect(() => compareSchemas([table, table], [])).toThrow("Two objects are called table public.a");
});

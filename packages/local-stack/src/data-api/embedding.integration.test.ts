import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway, type TestUser } from "../test-gateway.ts";
import { addFamilies, testSchema } from "./test-schema.ts";

let stack: TestGateway;
let owner: TestUser;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
  await stack.migrate(testSchema);
  owner = await stack.user();
  await addFamilies(owner);
});
afterAll(() => stack.stop());

describe("embedding", () => {
  test("to many, to one, and by the embedded rows", async () => {
    const many = await owner.client
      .from("parents")
      .select("name, children(label)")
      .order("name")
      .order("label", { referencedTable: "children", ascending: false });
    const inner = await owner.client
      .from("children")
      .select("label, parents!inner(name)")
      .eq("parents.name", "b");

    expect(many.data).toEqual([
      { name: "a", children: [{ label: "a2" }, { label: "a1" }] },
      { name: "b", children: [{ label: "b1" }] },
      { name: "c", children: [] },
    ]);
    expect(inner.data).toEqual([{ label: "b1", parents: { name: "b" } }]);
  });
});

describe("embedding by two foreign keys, through a join table, and past the schema", () => {
  const ambiguous =
    "Could not embed because more than one relationship was found for 'letters' and 'parents'";

  beforeAll(async () => {
    const { data } = await owner.client.from("parents").select("id").order("name").throwOnError();
    const [a, b] = data;
    const service = stack.service();
    await service
      .from("letters")
      .insert([
        { id: 1, sender_id: a?.id, receiver_id: b?.id },
        { id: 2, sender_id: b?.id, receiver_id: null },
      ])
      .throwOnError();
    await service.from("marks").insert({ id: 7, label: "red" }).throwOnError();
    await service.from("letter_marks").insert({ letter_id: 1, mark_id: 7 }).throwOnError();
  });

  test("without a hint it is ambiguous, and the refusal names the hints", async () => {
    const { data, error, status } = await stack.service().from("letters").select("*, parents(*)");

    expect([data, status, error?.code, error?.message]).toEqual([null, 300, "PGRST201", ambiguous]);
    expect(error?.hint).toContain("'parents!letters_sender_id_fkey'");
  });

  test("with a hint it is the relationship that was meant, in both directions", async () => {
    const service = stack.service();
    const letters = await service
      .from("letters")
      .select(
        "id, sender:parents!letters_sender_id_fkey(name), receiver:parents!letters_receiver_id_fkey(name)",
      )
      .order("id");
    const parents = await service
      .from("parents")
      .select("name, received:letters!letters_receiver_id_fkey(id)")
      .order("name");

    expect(letters.data).toEqual([
      { id: 1, sender: { name: "a" }, receiver: { name: "b" } },
      { id: 2, sender: { name: "b" }, receiver: null },
    ]);
    expect(parents.data).toEqual([
      { name: "a", received: [] },
      { name: "b", received: [{ id: 1 }] },
      { name: "c", received: [] },
    ]);
  });

  test("many to many goes through the join table", async () => {
    const { data } = await stack.service().from("marks").select("label, letters(id)");

    expect(data).toEqual([{ label: "red", letters: [{ id: 1 }] }]);
  });

  test("a table is no join table without both keys in its primary key", async () => {
    const service = stack.service();
    const { error, status } = await service.from("stamps").select("id, marks(label)");
    const nested = await service.from("letters").select("id, stamps(id, marks(label))");

    expect([status, error?.code]).toEqual([400, "PGRST200"]);
    expect(error?.message).toBe(
      "Could not find a relationship between 'stamps' and 'marks' in the schema cache",
    );
    expect(nested.error?.code).toBe("PGRST200");
  });

  test("a foreign key into another schema is no relationship", async () => {
    const { error, status } = await owner.client.from("parents").select("*, users(*)");

    expect([status, error?.code]).toEqual([400, "PGRST200"]);
  });
});

describe("embedding along foreign keys of several columns", () => {
  beforeAll(async () => {
    const service = stack.service();
    await service
      .from("lines")
      .insert([
        { book: 1, number: 1, words: "a" },
        { book: 1, number: 2, words: "b" },
      ])
      .throwOnError();
    await service
      .from("readings")
      .insert([
        { id: 1, book: 1, number: 1, again: 2 },
        { id: 2, book: 1, number: 2, again: null },
      ])
      .throwOnError();
    await service.from("drawings").insert({ id: 5, book: 1, number: 2 }).throwOnError();
  });

  test("a hint joins by all columns, where it is needed and where it is not", async () => {
    const service = stack.service();
    const readings = await service
      .from("readings")
      .select("id, line:lines!readings_line_fkey(words), again:lines!readings_again_fkey(words)")
      .order("id");
    const drawings = await service.from("drawings").select("id, lines!drawings_line_fkey(words)");
    const inner = await service
      .from("readings")
      .select("id, lines!readings_again_fkey!inner(words)")
      .eq("lines.words", "b");

    expect(readings.data).toEqual([
      { id: 1, line: { words: "a" }, again: { words: "b" } },
      { id: 2, line: { words: "b" }, again: null },
    ]);
    expect(drawings.data).toEqual([{ id: 5, lines: { words: "b" } }]);
    expect(inner.data).toEqual([{ id: 1, lines: { words: "b" } }]);
  });

  test("a unique one is one-to-one from both sides, at any depth; another is a list", async () => {
    const service = stack.service();
    const lines = await service
      .from("lines")
      .select("words, drawings(id), readings!readings_line_fkey(id)")
      .order("words");
    const nested = await service
      .from("readings")
      .select("id, line:lines!readings_line_fkey(words, picture:drawings!drawings_line_fkey(id))")
      .eq("id", 2)
      .single();

    expect(lines.data).toEqual([
      { words: "a", drawings: null, readings: [{ id: 1 }] },
      { words: "b", drawings: { id: 5 }, readings: [{ id: 2 }] },
    ]);
    expect(nested.data).toEqual({ id: 2, line: { words: "b", picture: { id: 5 } } });
  });
});

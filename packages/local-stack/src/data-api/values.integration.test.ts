import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";
import { testSchema } from "./test-schema.ts";

let stack: TestGateway;
let nextId = 1;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
  await stack.migrate(testSchema);
});
afterAll(() => stack.stop());

const json: [unknown][] = [
  [[]],
  [[1, "2", null]],
  [[true, false]],
  [[{ a: [1, { b: null }] }]],
  [{}],
  ["text"],
  [""],
  ['{"looks":"like json"}'],
  ["12"],
  [12.5],
  [0],
  [true],
  [false],
];

describe("JSON comes out as it went in", () => {
  test.each(json)("%j through insert, update and rpc", async (value) => {
    const service = stack.service();
    const id = nextId++;

    const inserted = await service
      .from("kinds")
      .insert({ id, document: value, plain: value })
      .select("document, plain")
      .single();
    const bulk = await service
      .from("kinds")
      .upsert([
        { id, document: value },
        { id: nextId++, document: value },
      ])
      .select("document");
    const updated = await service
      .from("kinds")
      .update({ document: value })
      .eq("id", id)
      .select("document")
      .single();
    const echoed = await service.rpc("echo", { item: value });

    expect(inserted.data).toEqual({ document: value, plain: value });
    expect(bulk.data).toEqual([{ document: value }, { document: value }]);
    expect(updated.data).toEqual({ document: value });
    expect(echoed.data).toEqual({ item: value, words: [], flag: true });
  });

  test("null is SQL's null", async () => {
    const { data } = await stack
      .service()
      .from("kinds")
      .insert({ id: nextId++, document: null })
      .select("document")
      .is("document", null)
      .single();

    expect(data).toEqual({ document: null });
  });
});

describe("columns print as PostgREST prints them", () => {
  test.each([
    ["big", 9007199254740991, 9007199254740991],
    ["big", "12", 12],
    ["amount", "12.50", 12.5],
    ["amount", 0.1, 0.1],
    ["amount", "NaN", "NaN"],
    ["ratio", "Infinity", "Infinity"],
    ["flag", true, true],
    ["flag", "false", false],
    ["key", "7a7f3f9e-0000-4000-8000-000000000001", "7a7f3f9e-0000-4000-8000-000000000001"],
    ["words", ["a,b", 'q"', null, "", "NULL"], ["a,b", 'q"', null, "", "NULL"]],
    ["words", [], []],
    ["words", "{x,y}", ["x", "y"]],
    ["numbers", [1, null, 3], [1, null, 3]],
    ["moments", ["2026-11-20T15:50:33Z", null], ["2026-11-20T15:50:33+00:00", null]],
    ["day", "2026-11-20", "2026-11-20"],
    ["local", "2026-11-20T15:50:33.5", "2026-11-20T15:50:33.5"],
    ["moment", "2026-11-20T17:50:33.123456+02:00", "2026-11-20T15:50:33.123456+00:00"],
    ["moment", "infinity", "infinity"],
    ["span", "90 minutes", "01:30:00"],
    ["bytes", "\\xdeadbeef", "\\xdeadbeef"],
  ])("%s: %j → %j", async (column, given, shown) => {
    const { data, error } = await stack
      .service()
      .from("kinds")
      .insert({ id: nextId++, [column]: given })
      .select(column)
      .single();

    expect(error).toBeNull();
    expect(data).toEqual({ [column]: shown });
  });

  test("filters on arrays and documents", async () => {
    const service = stack.service();
    const id = nextId++;
    await service.from("kinds").insert({ id, words: ["p", "q"], document: { deep: [1, 2] } });

    const words = await service.from("kinds").select("id").contains("words", ["q"]).eq("id", id);
    const document = await service
      .from("kinds")
      .select("id, second:document->deep->1")
      .contains("document", { deep: [2] });

    expect(words.data).toEqual([{ id }]);
    expect(document.data).toEqual([{ id, second: 2 }]);
  });
});

describe("rpc", () => {
  test("rows, with defaults for what is not given", async () => {
    const pipeline = stack.service().schema("pipeline");

    const { data } = await pipeline.rpc("take", { batch_size: 2 });
    const byDefault = await pipeline.rpc("take");

    expect(data).toHaveLength(2);
    expect(data[1]).toEqual({
      id: 2,
      lease_token: expect.stringMatching(/^[0-9a-f-]{36}$/),
      lease_expires_at: "2026-11-20T15:50:33+00:00",
      coach: { rate: 1.25 },
      amount: 1.5,
    });
    expect(byDefault.data).toHaveLength(1);
  });

  test("a list of results as one JSON argument", async () => {
    const pipeline = stack.service().schema("pipeline");

    const { data } = await pipeline.rpc("finish", {
      results: [
        { id: 7, notes: ["done"] },
        { id: 8, notes: ["stale"] },
      ],
    });
    const none = await pipeline.rpc("finish", { results: [] });

    expect(data).toEqual([
      { id: 7, outcome: "done" },
      { id: 8, outcome: "stale" },
    ]);
    expect(none.data).toEqual([]);
  });

  test("scalars, sets, nothing", async () => {
    const service = stack.service();

    expect((await service.rpc("half", { amount: 5 })).data).toBe(2.5);
    expect((await service.rpc("half", { amount: 5 }, { get: true })).data).toBe(2.5);
    expect((await service.rpc("moment")).data).toBe("2026-11-20T15:50:33+00:00");
    expect((await service.rpc("words")).data).toEqual(["a", "b"]);
    expect((await service.rpc("my_parents").select("id, children(label)")).data).toEqual([]);
    expect(await service.rpc("nothing")).toMatchObject({ data: null, status: 204 });
  });

  test("arrays and booleans by name, in any order", async () => {
    const { data } = await stack
      .service()
      .rpc("echo", { flag: false, words: ["a,b", null], item: "x" });

    expect(data).toEqual({ item: "x", words: ["a,b", null], flag: false });
  });
});

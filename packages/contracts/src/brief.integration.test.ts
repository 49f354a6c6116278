/** The contract of a brief and the database's own check say the same of every sample. */
import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Brief, briefSchema, emptyBrief, isReady } from "./brief.ts";
import { briefSamples, serveBrief } from "./test-briefs.ts";

let database: ClonedDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  client = await database.client("postgres");
});
afterAll(() => database.drop());

async function ask<Value>(expression: string, ...values: unknown[]): Promise<Value> {
  const { rows } = await client.query(
    `select ${expression} as value`,
    values.map((value) => JSON.stringify(value)),
  );
  return rows[0].value;
}

test.each(briefSamples)("a brief $name is taken: $taken", async ({ change, taken }) => {
  const sample = { ...serveBrief, ...change };

  expect(briefSchema.safeParse(sample).success).toBe(taken);
  const fault = await ask<string | null>("pipeline.brief_fault($1)", sample);
  if (taken) expect(fault).toBe(null);
  else expect(fault).toMatch(/^[a-z].+/);
});

test("the bound on bytes is the same number in both", async () => {
  const padded = (length: number): Brief => ({
    ...serveBrief,
    rules: Array.from({ length: 20 }, (_, index) => ({
      id: `rule_${index}`,
      look_for: "…".repeat(250),
      category: null,
    })),
    skip: [],
    holes: [],
    goal: "x".repeat(length),
  });
  const judgements = new Set<boolean>();
  for (let length = 0; length <= 250; length += 1) {
    const brief = padded(length);
    const stored = await ask<number>("octet_length(($1::jsonb)::text)", brief);
    const { success } = briefSchema.safeParse(brief);
    expect(success, `${stored} bytes`).toBe(stored <= 16_384);
    judgements.add(success);
  }
  expect(judgements.size).toBe(2);
});

test("an empty brief is the same in both", async () => {
  expect(await ask("pipeline.empty_brief()")).toEqual(emptyBrief);
});

describe("whether a brief can be followed", () => {
  const answered = serveBrief.holes.map((hole) => ({ ...hole, answer: hole.answer ?? "right" }));

  test.each([
    ["with an open hole that is required", serveBrief],
    ["with every hole answered", { ...serveBrief, holes: answered }],
    ["that asks for nothing", emptyBrief],
    ["that only skips", { ...emptyBrief, skip: ["footwork"] }],
  ] as [string, Brief][])("%s", async (_name, brief) => {
    expect(await ask("pipeline.brief_is_ready($1)", brief)).toBe(isReady(brief));
  });
});

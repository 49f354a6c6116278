import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import {
  analysisClaimSchema,
  audioClaimSchema,
  draftClaimSchema,
  ssmlClaimSchema,
} from "./claims.ts";
import {
  completeOutcomeSchema,
  failOutcomeSchema,
  releaseOutcomeSchema,
  sendBackOutcomeSchema,
} from "./outcomes.ts";
import type { Stage } from "./stages.ts";
import { samples, sentSchemas } from "./test-results.ts";

const claimSchemas = {
  analysis: analysisClaimSchema,
  ssml: ssmlClaimSchema,
  audio: audioClaimSchema,
  draft: draftClaimSchema,
};
const stages = ["analysis", "ssml", "audio", "draft"] as const;
/** A claim's columns that are null in no row, although they are in others of the table. */
const setByTheClaim = ["lease_token", "lease_expires_at", "attempt", "segments", "ir"];
const kept = { file: { name: "files/a" }, version: null };

let database: ClonedDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  client = await database.client("postgres");
});
afterAll(() => database.drop());

beforeEach(async () => {
  await client.query("begin");
  return () => client.query("rollback");
});

type Row = Record<string, unknown>;

/** A recording, uploaded: it waits to be analysed. Columns that may be null are unless given. */
async function upload(columns: Row = {}, request?: string): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    "insert into auth.users (id, email) values (gen_random_uuid(), 'a@sideline.test') returning id",
  );
  const recording = {
    user_id: rows[0]?.id,
    filename: "clip.mp4",
    storage_path: `${rows[0]?.id}/clip.mp4`,
    upload_status: "completed",
    ...columns,
  };
  if (request !== undefined) {
    const { rows: sessions } = await client.query(
      "insert into public.sessions (user_id, request) values ($1, $2) returning id",
      [rows[0]?.id, request],
    );
    Object.assign(recording, { session_id: sessions[0].id });
  }
  await client.query(
    `insert into public.video_recordings (${Object.keys(recording).join(", ")})
     values (${Object.keys(recording)
       .map((_, index) => `$${index + 1}`)
       .join(", ")})`,
    Object.values(recording),
  );
}

/** The rows as the Data API gives them. */
async function claim(stage: Stage): Promise<Row[]> {
  const { rows } = await client.query<{ row: Row }>(
    `select to_jsonb(c) as row from pipeline.claim_${stage}() as c`,
  );
  return rows.map(({ row }) => row);
}

async function complete(stage: Stage, results: unknown[]): Promise<unknown[]> {
  const { rows } = await client.query<{ row: unknown }>(
    `select to_jsonb(c) as row from pipeline.complete_${stage}($1::jsonb) as c`,
    [JSON.stringify(results)],
  );
  return rows.map(({ row }) => row);
}

/** What a task may carry beside its item. */
async function keepInTasks(): Promise<void> {
  await client.query("update pipeline.tasks set progress = $1, refused = 'Invalid SSML.'", [kept]);
}

/** A claimed item of a stage, the stages before it completed with the whole samples. */
async function claimed(
  stage: Stage,
  wholes: Partial<Record<Stage, Row>> = {},
  beforeClaim = async () => {},
): Promise<Row> {
  if (stage === "draft") await askForDraft();
  for (const earlier of stage === "draft" ? ([stage] as const) : stages) {
    await beforeClaim();
    const [item] = await claim(earlier);
    if (item === undefined) throw new Error(`nothing to claim for ${earlier}`);
    if (earlier === stage) return item;
    const result = wholes[earlier] ?? wholeOf(earlier);
    await complete(earlier, [{ ...result, id: item.id, lease_token: item.lease_token }]);
  }
  throw new Error(`no stage ${stage}`);
}

/** Of the user whose recording was uploaded. */
async function askForDraft(): Promise<void> {
  await client.query(
    `with session as (
       insert into public.sessions (user_id, request)
       select user_id, 'The toss' from public.video_recordings returning id
     )
     select from session`,
  );
  await client.query(
    `insert into public.session_drafts (session_id, user_id)
     select id, user_id from public.sessions order by id desc limit 1`,
  );
}

function wholeOf(stage: Stage): Row {
  return samples.find((sample) => sample.stage === stage && sample.name === "whole")?.result ?? {};
}

describe("claims", () => {
  test.each(stages)("of %s have exactly the columns of the contract", async (stage) => {
    await upload();

    expect(Object.keys(await claimed(stage)).sort()).toEqual(
      Object.keys(claimSchemas[stage].shape).sort(),
    );
  });

  test.each(stages)("of %s are taken with as little in them as rows can have", async (stage) => {
    await upload();

    expect(strict(stage).parse(await claimed(stage))).toBeTruthy();
  });

  test.each(stages)("of %s are taken with everything in them", async (stage) => {
    await upload(
      {
        mime_type: "video/mp4",
        file_size: 500 * 1024 * 1024,
        duration_seconds: 12.5,
        original_filename: "IMG_1.MOV",
        language: "de-DE",
      },
      "The toss",
    );
    const analysis = wholeOf("analysis");
    const [remark] = z.array(z.record(z.string(), z.unknown())).parse(analysis.feedback);
    const said = { analysis: { ...analysis, feedback: [{ ...remark, drill: "Walk." }] } };
    const item = await claimed(stage, said, keepInTasks);

    expect(Object.entries(item).filter(([, value]) => value === null)).toEqual([]);
    expect(strict(stage).parse(item)).toBeTruthy();
  });

  test.each(stages)("of %s may be null where their columns may", async (stage) => {
    const shape: Record<string, z.ZodType> = claimSchemas[stage].shape;
    const { rows } = await client.query<{ name: string; nullable: boolean }>(
      `select distinct on (a.attname) a.attname as name, not a.attnotnull as nullable
       from unnest($1::regclass[]) with ordinality as t (table_id, place)
       join pg_attribute as a on a.attrelid = t.table_id and a.attnum > 0
       where a.attname = any ($2)
       order by a.attname, t.place`,
      [
        [
          ...(stage === "draft"
            ? ["public.session_drafts"]
            : [
                ...(stage === "analysis" ? [] : ["public.analysis_feedback"]),
                "public.analysis_jobs",
                "public.video_recordings",
              ]),
        ],
        Object.keys(shape).filter((name) => !setByTheClaim.includes(name)),
      ],
    );
    const allowed = rows.map(({ name }) => ({
      name,
      nullable: shape[name]?.safeParse(null).success,
    }));

    // A voice is missing as JSON's null, where no voice speaks the language; a job without a language
    // has its recording's.
    const expected = rows.map(({ name, nullable }) => ({
      name,
      nullable: (nullable || name === "coach") && name !== "language",
    }));
    expect(rows.length).toBeGreaterThan(3);
    expect(allowed).toEqual(expected);
  });
});

describe("what a worker says of an item it did not complete", () => {
  type Call = [sql: string, outcomes: z.ZodType, expected: unknown];
  const calls: Call[] = [
    ["fail($1, $2, $3, 'ssml_invalid', 'No.', true)", failOutcomeSchema, "queued"],
    ["fail($1, $2, $3, 'ssml_invalid', 'No.', false)", failOutcomeSchema, "failed"],
    ["defer($1, $2, $3, 'provider_unavailable', 'Down.')", failOutcomeSchema, "queued"],
    ["defer($1, $2, $3, 'video_missing', 'Gone.', null, 0)", failOutcomeSchema, "failed"],
    ["release($1, $2, $3)", releaseOutcomeSchema, "queued"],
  ];
  const sendBack = "send_back($1, $2, $3, 'ssml_refused', 'Invalid.')";
  const cases = stages.flatMap((stage) => [
    ...calls.map((call) => [stage, ...call] as const),
    [stage, sendBack, sendBackOutcomeSchema, stage === "audio" ? "sent_back" : "failed"] as const,
  ]);

  test.each(cases)("of %s: %s", async (stage, sql, outcomes, expected) => {
    await upload();
    const item = await claimed(stage);
    const call = async (): Promise<unknown> => {
      const args = [stage, item.id, item.lease_token];
      const { rows } = await client.query(`select pipeline.${sql} as outcome`, args);
      return outcomes.parse(rows[0]?.outcome);
    };

    expect(await call()).toBe(expected);
    expect(await call()).toBe("stale");
  });

  test("sent back, SSML is claimed with what was wrong with it", async () => {
    await upload();
    const item = await claimed("audio");
    await client.query(`select pipeline.${sendBack}`, ["audio", item.id, item.lease_token]);

    expect(await claim("ssml")).toMatchObject([{ id: item.id, refused: "Invalid." }]);
  });

  test("what an analysis keeps comes with its next claim", async () => {
    await upload();
    const { id, lease_token } = await claimed("analysis");
    const extend = "select pipeline.extend('analysis', $1, $2, progress => $3)";
    await client.query(extend, [id, lease_token, kept]);
    await client.query("select pipeline.release('analysis', $1, $2)", [id, lease_token]);

    expect(await claim("analysis")).toMatchObject([{ id, progress: kept }]);
  });
});

describe("results", () => {
  test.each(samples)("of $stage, $name", async ({ stage, result, taken, databaseTakes }) => {
    await upload();
    // An audio result has a piece for each piece of SSML, so its good samples have one.
    const item = await claimed(stage);
    const sent = { id: item.id, lease_token: item.lease_token, ...result };
    const parsed = sentSchemas[stage].safeParse(sent);
    const outcome = await complete(stage, [JSON.parse(JSON.stringify(sent))]).catch(
      (error: unknown) => error,
    );

    expect(parsed.success).toBe(taken);
    if (taken || databaseTakes !== undefined) {
      expect(outcome).toEqual([{ id: item.id, outcome: "completed" }]);
      expect(z.array(completeOutcomeSchema).parse(outcome)).toHaveLength(1);
    } else {
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^(SL004|23505|23514)$/) });
    }
  });
});

function strict(stage: Stage): z.ZodType {
  return z.strictObject(claimSchemas[stage].shape);
}

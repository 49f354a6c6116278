import { type ClonedDatabase, cloneDatabase } from "@sideline/proving-ground/testing";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { feedbackSchema } from "./analysis-reply.ts";
import { coachSchema } from "./coach.ts";
import { uploadErrorCodeSchema } from "./error-codes.ts";
import { limits, plainNamePattern } from "./limits.ts";
import { renderStatusSchema, renderStepSchema } from "./render-api.ts";
import { elementTypeSchema, fitModeSchema, renderFormatSchema } from "./render-claim.ts";
import { audioFormatSchema } from "./results.ts";
import { besideFunction, stageFunction, stageStatusSchema, uploadStatusSchema } from "./stages.ts";
import { videoMediaTypes } from "./video-types.ts";

let database: ClonedDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
  client = await database.client("postgres");
});
afterAll(() => database.drop());

async function definitionOf(table: string, constraint: string): Promise<string> {
  const { rows } = await client.query<{ definition: string }>(
    `select pg_get_constraintdef(oid) as definition from pg_constraint
     where conname = $2 and (conrelid = $1::regclass or contypid in (
       select atttypid from pg_attribute where attrelid = $1::regclass))`,
    [table, constraint],
  );
  const definition = rows[0]?.definition;
  if (definition === undefined) throw new Error(`${table} has no constraint ${constraint}`);
  return definition;
}

describe("enumerations are the lists of their constraints", () => {
  test.each([
    ["public.analysis_jobs", "status_is_known", stageStatusSchema.options],
    ["public.analysis_feedback", "status_is_known", stageStatusSchema.options],
    ["public.analysis_feedback", "severity_is_known", feedbackSchema.shape.severity.options],
    ["public.analysis_audio_segments", "format_is_known", audioFormatSchema.options],
    ["public.render_jobs", "status_is_known", renderStatusSchema.options],
    ["public.render_jobs", "step_is_known", renderStepSchema.options],
    ["public.render_jobs", "format_is_mp4_or_webm", renderFormatSchema.options],
    ["public.render_elements", "element_type_is_known", elementTypeSchema.options],
    ["public.render_elements", "fit_mode_is_known", fitModeSchema.options],
    ["public.video_recordings", "upload_status_is_known", uploadStatusSchema.options],
    ["public.video_recordings", "error_code_is_one_of_an_upload", uploadErrorCodeSchema.options],
  ])("%s: %s", async (table, constraint, options) => {
    const definition = await definitionOf(table, constraint);
    const listed = [...definition.matchAll(/'([^']+)'::text/g)].map(([, value]) => value);

    expect(listed.sort()).toEqual([...options].sort());
  });
});

test("bucket raw takes the kinds of video that are accepted, and no other", async () => {
  const { rows } = await client.query(
    "select allowed_mime_types as types from storage.buckets where id = 'raw'",
  );

  expect(rows[0].types.sort()).toEqual([...videoMediaTypes].sort());
});

test("stages are those that a function works on, in their order", async () => {
  const { rows } = await client.query(
    "select stage, function_name from pipeline.stages where function_name is not null order by place",
  );

  const functions = { ...stageFunction, ...besideFunction };
  expect(rows).toEqual(
    Object.entries(functions).map(([stage, name]) => ({ stage, function_name: name })),
  );
});

describe("limits are the numbers of their constraints", () => {
  type Limit = keyof typeof limits;

  /** The constraint has this number or, where `within` says why, a larger one. */
  const kept: { limit: Limit; table: string; constraint: string; within?: string }[] = [
    { limit: "titleLength", table: "public.analysis_jobs", constraint: "title_is_short" },
    { limit: "summaryLength", table: "public.analysis_jobs", constraint: "summary_is_short" },
    { limit: "noteLength", table: "public.analysis_jobs", constraint: "note_is_short" },
    { limit: "messageLength", table: "public.analysis_feedback", constraint: "remark_is_short" },
    { limit: "drillLength", table: "public.analysis_feedback", constraint: "remark_is_short" },
    {
      limit: "categoryLength",
      table: "public.analysis_feedback",
      constraint: "category_is_snake_case",
    },
    {
      limit: "categoryLength",
      table: "public.analysis_metrics",
      constraint: "metric_key_is_snake_case",
    },
    { limit: "categoryLength", table: "public.analysis_metrics", constraint: "unit_is_short" },
    {
      limit: "storedSsmlBytes",
      table: "public.analysis_ssml_segments",
      constraint: "ssml_fits_a_speech_request",
    },
    {
      limit: "ssmlSegmentBytes",
      table: "public.analysis_ssml_segments",
      constraint: "ssml_fits_a_speech_request",
      within: "SSML is split before it is full",
    },
    { limit: "nameLength", table: "public.analysis_jobs", constraint: "name_is_plain" },
    {
      limit: "videoSeconds",
      table: "public.video_recordings",
      constraint: "duration_is_at_most_a_week",
      within: "a longer recording is kept and not analysed",
    },
  ];
  /** Of what a model or a provider may send; the database keeps whatever passed. */
  const onlyHere: Limit[] = [
    "audioBytes",
    "pictureSide",
    "renderSeconds",
    "elementTextLength",
    "feedbackItems",
    "metrics",
    "ssmlBytes",
    "ssmlDepth",
    "ssmlPauseSeconds",
    "segmentSeconds",
  ];

  test.each(kept)("$limit: $table $constraint", async ({ limit, table, constraint, within }) => {
    const number = upperBound(await definitionOf(table, constraint));

    if (within === undefined) expect(limits[limit]).toBe(number);
    else expect(limits[limit]).toBeLessThan(number);
  });

  test.each([
    ["raw", limits.videoBytes],
    ["processed", limits.renderBytes],
    ["assets", limits.assetBytes],
  ])("bytes of an object in bucket %s", async (bucket, bytes) => {
    const { rows } = await client.query(
      "select file_size_limit::float8 as bytes from storage.buckets where id = $1",
      [bucket],
    );

    expect(rows).toEqual([{ bytes }]);
  });

  test("a name is as plain", async () => {
    const pattern = /'(\^.*\$)'/.exec(
      await definitionOf("public.analysis_jobs", "name_is_plain"),
    )?.[1];

    expect(pattern).toBe(plainNamePattern.source);
  });

  test("every limit is looked at", () => {
    const seen = new Set<string>([
      "videoBytes",
      "renderBytes",
      "assetBytes",
      ...onlyHere,
      ...kept.map(({ limit }) => limit),
    ]);

    expect(Object.keys(limits).filter((limit) => !seen.has(limit))).toEqual([]);
  });

  test.each([
    ["speaking_rate", "speaking_rate_is_between_a_quarter_and_twice"],
    ["pitch", "pitch_is_within_20_semitones"],
  ] as const)("every stored %s of a voice is a coach's", async (column, constraint) => {
    const definition = await definitionOf("public.coach_voices", constraint);
    const [lowest = 0, highest = 0] = numbersIn(definition);
    const schema = coachSchema.shape[column];

    expect([lowest, highest].map((value) => schema.safeParse(value).success)).toEqual([true, true]);
    expect(lowest).toBeLessThan(highest);
  });
});

/** The one number that a value may not pass: `<= 2000`, or the length of a pattern `{0,39}`. */
function upperBound(definition: string): number {
  const pattern = /\]\{0,(\d+)\}\$/.exec(definition)?.[1];
  if (pattern !== undefined) return Number(pattern) + 1;
  const bound = /<= \(?(\d+)/.exec(definition)?.[1];
  if (bound === undefined) throw new Error(`no upper bound in ${definition}`);
  return Number(bound);
}

function numbersIn(definition: string): number[] {
  return [...definition.matchAll(/[<>]= \(?'?(-?[\d.]+)/g)].map(([, number]) => Number(number));
}

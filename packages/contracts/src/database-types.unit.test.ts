/**
 * The contracts against the generated types of the database. What is compared here are types, so
 * a difference fails `npm run check`, where the compiler reads this file; running it proves little.
 * What the calls take and give is seen in queue.integration.test.ts.
 */
import type { Database } from "@sideline/database";
import { expectTypeOf, test } from "vitest";
import type {
  AnalysisClaim,
  AudioClaim,
  ErrorCode,
  RenderClaim,
  SsmlClaim,
  Stage,
  StageStatus,
  UploadErrorCode,
  UploadStatus,
} from "./index.ts";

type Pipeline = Database["pipeline"]["Functions"];
type Tables = Database["public"]["Tables"];
type Returned<Name extends keyof Pipeline> = Pipeline[Name]["Returns"];
type RowOf<Name extends keyof Pipeline> =
  Returned<Name> extends (infer Row)[] ? Row : Returned<Name>;
/** The generator takes no column of a function's row for nullable. */
type Filled<Row> = { [Column in keyof Row]-?: NonNullable<Row[Column]> };

test("claims have the columns that the claim functions return", () => {
  expectTypeOf<keyof AnalysisClaim>().toEqualTypeOf<keyof RowOf<"claim_analysis">>();
  expectTypeOf<keyof SsmlClaim>().toEqualTypeOf<keyof RowOf<"claim_ssml">>();
  expectTypeOf<keyof AudioClaim>().toEqualTypeOf<keyof RowOf<"claim_audio">>();
  expectTypeOf<keyof RenderClaim>().toEqualTypeOf<keyof RowOf<"claim_render">>();
  expectTypeOf<Filled<AnalysisClaim>>().toExtend<RowOf<"claim_analysis">>();
  expectTypeOf<Filled<SsmlClaim>>().toExtend<RowOf<"claim_ssml">>();
  expectTypeOf<Filled<AudioClaim>>().toExtend<RowOf<"claim_audio">>();
});

test("statuses, stages and codes can be written to their columns", () => {
  type Job = Tables["analysis_jobs"]["Row"];
  type FeedbackRow = Tables["analysis_feedback"]["Row"];
  type Recording = Tables["video_recordings"]["Row"];

  expectTypeOf<StageStatus>().toExtend<
    Job["status"] & FeedbackRow["ssml_status"] & FeedbackRow["audio_status"]
  >();
  expectTypeOf<UploadStatus>().toExtend<Recording["upload_status"]>();
  expectTypeOf<UploadErrorCode>().toExtend<NonNullable<Recording["error_code"]>>();
  expectTypeOf<ErrorCode>().toExtend<NonNullable<Job["error_code"]>>();
  expectTypeOf<Stage>().toExtend<Database["pipeline"]["Tables"]["stages"]["Row"]["stage"]>();
});

/**
 * The contracts against the generated types of the database. What is compared here are types, so
 * a difference fails `npm run check`, where the compiler reads this file; running it proves little.
 */
import type { Database } from "@sideline/database";
import { expectTypeOf, test } from "vitest";
import type {
  AnalysisClaim,
  AnalysisResult,
  AudioClaim,
  AudioResult,
  CoachedOptions,
  CompleteOutcome,
  ErrorCode,
  FailOutcome,
  Feedback,
  Metric,
  ReleaseOutcome,
  RenderClaim,
  RenderResult,
  ResultHead,
  RetryRequest,
  SendBackOutcome,
  SsmlClaim,
  SsmlResult,
  Stage,
  StageStatus,
  UploadErrorCode,
  UploadStatus,
} from "./index.ts";

type Pipeline = Database["pipeline"]["Functions"];
type Public = Database["public"]["Functions"];
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

test("results and their outcomes fit the complete functions", () => {
  expectTypeOf<(AnalysisResult & ResultHead)[]>().toExtend<
    Pipeline["complete_analysis"]["Args"]["results"]
  >();
  expectTypeOf<(SsmlResult & ResultHead)[]>().toExtend<
    Pipeline["complete_ssml"]["Args"]["results"]
  >();
  expectTypeOf<(AudioResult & ResultHead)[]>().toExtend<
    Pipeline["complete_audio"]["Args"]["results"]
  >();
  expectTypeOf<(RenderResult & ResultHead)[]>().toExtend<
    Pipeline["complete_render"]["Args"]["results"]
  >();
  expectTypeOf<CoachedOptions>().toExtend<Public["compose_coached_render"]["Args"]["options"]>();
  expectTypeOf<keyof CompleteOutcome>().toEqualTypeOf<keyof RowOf<`complete_${Stage}`>>();
  expectTypeOf<CompleteOutcome>().toExtend<RowOf<`complete_${Stage}`>>();
});

test("the other calls take and give what the contracts say", () => {
  type Which = ResultHead & { stage: Stage };
  type Reason = Which & { error_code: ErrorCode; message: string };
  type Failure = Reason & { retryable: boolean; asked: boolean };

  expectTypeOf<keyof Failure>().toEqualTypeOf<keyof Pipeline["fail"]["Args"]>();
  expectTypeOf<Failure>().toExtend<Pipeline["fail"]["Args"]>();
  expectTypeOf<Reason>().toExtend<Pipeline["defer"]["Args"]>();
  expectTypeOf<keyof Reason>().toEqualTypeOf<keyof Pipeline["send_back"]["Args"]>();
  expectTypeOf<Reason>().toExtend<Pipeline["send_back"]["Args"]>();
  expectTypeOf<Which & { progress: AnalysisClaim["progress"] }>().toExtend<
    Pipeline["extend"]["Args"]
  >();
  expectTypeOf<keyof Which>().toEqualTypeOf<keyof Pipeline["release"]["Args"]>();
  expectTypeOf<Which>().toExtend<Pipeline["release"]["Args"]>();
  expectTypeOf<FailOutcome>().toExtend<Returned<"fail" | "defer">>();
  expectTypeOf<SendBackOutcome>().toExtend<Returned<"send_back">>();
  expectTypeOf<ReleaseOutcome>().toExtend<Returned<"release">>();
});

test("what a result holds can be stored", () => {
  type Piece = { feedback_id: number; provider: string; version: string };

  expectTypeOf<Metric & { analysis_job_id: number }>().toExtend<
    Tables["analysis_metrics"]["Insert"]
  >();
  expectTypeOf<Feedback & { analysis_job_id: number; user_id: string }>().toExtend<
    Tables["analysis_feedback"]["Insert"]
  >();
  expectTypeOf<SsmlResult["segments"][number] & Piece>().toExtend<
    Tables["analysis_ssml_segments"]["Insert"]
  >();
  expectTypeOf<AudioResult["segments"][number] & Piece>().toExtend<
    Tables["analysis_audio_segments"]["Insert"]
  >();
  expectTypeOf<Omit<AnalysisResult, "metrics" | "feedback" | "duration_seconds">>().toExtend<
    Tables["analysis_jobs"]["Update"]
  >();
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

test("a retry has the arguments of its function", () => {
  type OfJob = Extract<RetryRequest, { analysisJobId: number }>;
  type OfFeedback = Extract<RetryRequest, { feedbackId: number }>;

  expectTypeOf<OfJob["analysisJobId"]>().toEqualTypeOf<
    Public["retry_analysis"]["Args"]["analysis_job_id"]
  >();
  expectTypeOf<OfFeedback["feedbackId"]>().toEqualTypeOf<
    Public["retry_feedback"]["Args"]["feedback_id"]
  >();
  expectTypeOf<OfFeedback["stage"]>().toExtend<Public["retry_feedback"]["Args"]["stage"]>();
});

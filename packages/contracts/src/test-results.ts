import { emptyBrief } from "./brief.ts";
import { limits } from "./limits.ts";
import {
  analysisResultSchema,
  audioResultSchema,
  draftResultSchema,
  resultHeadSchema,
  ssmlResultSchema,
} from "./results.ts";
import type { Stage } from "./stages.ts";

type Json = Record<string, unknown>;

/** A result that the contract and `pipeline.complete_<stage>` are both asked about. */
export interface Sample {
  stage: Stage;
  name: string;
  result: Json;
  taken: boolean;
  /** Set where the database takes more than the contract, and why. */
  databaseTakes?: string;
}

const metric = { metric_key: "frame_rate", metric_value: 29.97, unit: "fps" };
const remark = {
  start_seconds: 1,
  end_seconds: 2.5,
  category: "posture",
  severity: "low",
  confidence: 0.5,
  message: "Keep your back straight.",
  drill: null,
};
const piece = { segment_index: 0, ssml: "<speak>Keep</speak>" };
const sound = { segment_index: 0, audio_url: "a/b.wav", format: "wav", duration_ms: 900 };

const whole: Record<Stage, Json> = {
  analysis: {
    title: "A rally",
    summary: "Two players.",
    confidence: 0.9,
    model: "model-1",
    prompt_version: "1",
    duration_seconds: 12.5,
    metrics: [metric],
    feedback: [remark],
  },
  ssml: { provider: "gemini", version: "1", segments: [piece] },
  audio: { provider: "google", version: "1", segments: [sound] },
  draft: { model: "model-1", prompt_version: "1", ir: emptyBrief },
};

/** The schema of what a worker sends: result and head together. */
export const sentSchemas = {
  analysis: analysisResultSchema.extend(resultHeadSchema.shape),
  ssml: ssmlResultSchema.extend(resultHeadSchema.shape),
  audio: audioResultSchema.extend(resultHeadSchema.shape),
  draft: draftResultSchema.extend(resultHeadSchema.shape),
};

const text = (length: number) => "a".repeat(length);
const speak = (bytes: number) => `<speak>${text(bytes - "<speak></speak>".length)}</speak>`;
const onlyContract = "a bound on what a model may answer, checked where its reply is read";

export const samples: Sample[] = [
  good("analysis", "whole", {}),
  good("analysis", "with nothing to say", { metrics: [], feedback: [] }),
  good("analysis", "with the longest texts", {
    title: text(limits.titleLength),
    summary: text(limits.summaryLength),
    metrics: [{ ...metric, metric_key: text(limits.categoryLength), unit: text(40) }],
    feedback: [
      {
        ...remark,
        category: text(limits.categoryLength),
        message: text(limits.messageLength),
        drill: text(limits.drillLength),
      },
    ],
  }),
  good("analysis", "with a metric without unit", { metrics: [{ ...metric, unit: null }] }),
  good("analysis", "of a moment, with full confidence", {
    confidence: 1,
    feedback: [{ ...remark, start_seconds: 0, end_seconds: 0, confidence: 0 }],
  }),
  ...[
    "title",
    "summary",
    "model",
    "prompt_version",
    "confidence",
    "duration_seconds",
    "metrics",
  ].map((name) => bad("analysis", `without ${name}`, { [name]: undefined })),
  bad("analysis", "without feedback", { feedback: undefined }),
  bad("analysis", "of an unknown length", { duration_seconds: null }),
  bad("analysis", "of no length", { duration_seconds: 0 }),
  bad("analysis", "surer than sure", { confidence: 1.01 }),
  bad("analysis", "with a long title", { title: text(limits.titleLength + 1) }),
  bad("analysis", "with a long summary", { summary: text(limits.summaryLength + 1) }),
  bad("analysis", "with a metric twice", { metrics: [metric, metric] }),
  bad("analysis", "with a metric of words", { metrics: [{ ...metric, metric_value: "4" }] }),
  bad("analysis", "with a key of words", { metrics: [{ ...metric, metric_key: "Frame rate" }] }),
  bad("analysis", "with a long key", {
    metrics: [{ ...metric, metric_key: text(limits.categoryLength + 1) }],
  }),
  bad("analysis", "with a long unit", { metrics: [{ ...metric, unit: text(41) }] }),
  badRemark("before the clip", { start_seconds: -1 }),
  badRemark("that ends before it starts", { start_seconds: 3 }),
  badRemark("of an unknown severity", { severity: "critical" }),
  badRemark("of a category of words", { category: "Body posture" }),
  badRemark("of a long category", { category: text(limits.categoryLength + 1) }),
  badRemark("with negative confidence", { confidence: -0.1 }),
  badRemark("without a message", { message: undefined }),
  badRemark("with a long message", { message: text(limits.messageLength + 1) }),
  badRemark("with a long drill", { drill: text(limits.drillLength + 1) }),
  {
    ...badRemark("with nothing in its message", { message: "" }),
    databaseTakes: "a remark may be stored that is not spoken",
  },
  {
    ...bad("analysis", "with too many remarks", {
      feedback: Array.from({ length: limits.feedbackItems + 1 }, () => remark),
    }),
    databaseTakes: onlyContract,
  },
  {
    ...bad("analysis", "longer than an analysis", { duration_seconds: limits.videoSeconds + 1 }),
    databaseTakes: "the column also holds a client's word on a longer video",
  },

  good("ssml", "whole", {}),
  good("ssml", "in two pieces", { segments: [piece, { ...piece, segment_index: 1 }] }),
  good("ssml", "of the most bytes", {
    segments: [{ ...piece, ssml: speak(limits.storedSsmlBytes) }],
  }),
  bad("ssml", "without provider", { provider: undefined }),
  bad("ssml", "without version", { version: null }),
  good("ssml", "with nothing to say", { segments: [] }),
  bad("ssml", "that is no markup", { segments: [{ ...piece, ssml: "Keep" }] }),
  bad("ssml", "of a piece too many", { segments: [piece, piece] }),
  bad("ssml", "of half a place", { segments: [{ ...piece, segment_index: 0.5 }] }),
  bad("ssml", "of a place below", { segments: [{ ...piece, segment_index: -1 }] }),
  bad("ssml", "of a place above", { segments: [{ ...piece, segment_index: 1000 }] }),
  bad("ssml", "of too many bytes", {
    segments: [{ ...piece, ssml: speak(limits.storedSsmlBytes).replace("aa", "aé") }],
  }),

  good("audio", "whole", {}),
  good("audio", "of another format", { segments: [{ ...sound, format: "mp3" }] }),
  good("audio", "with captions", { segments: [{ ...sound, captions_url: "a/b.vtt" }] }),
  good("audio", "without captions", { segments: [{ ...sound, captions_url: null }] }),
  bad("audio", "with captions nowhere", { segments: [{ ...sound, captions_url: " " }] }),
  bad("audio", "with captions that are no place", { segments: [{ ...sound, captions_url: 5 }] }),
  bad("audio", "of an unknown format", { segments: [{ ...sound, format: "flac" }] }),
  bad("audio", "without a place to find it", { segments: [{ ...sound, audio_url: " " }] }),
  bad("audio", "of no length", { segments: [{ ...sound, duration_ms: 0 }] }),
  bad("audio", "of part of a millisecond", { segments: [{ ...sound, duration_ms: 1.5 }] }),
  bad("audio", "longer than a number", { segments: [{ ...sound, duration_ms: 2 ** 31 }] }),
  bad("audio", "of a piece too many", { segments: [sound, sound] }),
  bad("audio", "without a piece", { segments: [] }),
  bad("audio", "without provider", { provider: 7 }),

  good("draft", "whole", {}),
  bad("draft", "without a brief", { ir: undefined }),
  bad("draft", "of a brief with a fault", { ir: { ...emptyBrief, level: "expert" } }),
  bad("draft", "without a model", { model: undefined }),

  bad("ssml", "of nobody", { id: undefined }),
  bad("ssml", "of half an item", { id: 1.5 }),
  bad("ssml", "with no lease", { lease_token: "mine" }),
  bad("ssml", "with a lease in capitals", { lease_token: "A1B2C3D4-0000-4000-8000-000000000000" }),
];

function good(stage: Stage, name: string, changes: Json): Sample {
  return { stage, name, result: { ...whole[stage], ...changes }, taken: true };
}

function bad(stage: Stage, name: string, changes: Json): Sample {
  return { ...good(stage, name, changes), taken: false };
}

function badRemark(name: string, changes: Json): Sample {
  return bad("analysis", `with a remark ${name}`, { feedback: [{ ...remark, ...changes }] });
}

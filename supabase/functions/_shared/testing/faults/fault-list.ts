import type { Stage } from "@sideline/contracts";
import { makeWav } from "../make-wav.ts";
import { analysis, base64, type Misbehaviour, type Operation, reply } from "./provider-world.ts";

/** Something a provider, or Storage, may do to us. */
export interface Fault {
  name: string;
  stages: readonly Stage[];
  misbehave: Misbehaviour;
  /** What it asks for comes only when the time for it is long over. */
  hangs?: true;
  /** Nobody listens where the providers should be. */
  unreachable?: true;
}

const all: readonly Stage[] = ["analysis", "ssml", "audio", "draft"];
const models: readonly Stage[] = ["analysis", "ssml", "draft"];
/** The first thing that each stage asks of a provider for money. */
export const paid = new Set<Operation>(["generate", "speak"]);

/** What a provider says in an error must reach no owner. */
const unspeakable =
  "Project 123456789012: key AIzaSyA1234567890abcdefghijklmnopqrs, see https://console.test/?p=1";

const error = (status: number, details: object[] = [], message = unspeakable) =>
  Response.json({ error: { code: status, message, details } }, { status });
const at =
  (operations: ReadonlySet<Operation>, answer: () => Response): Misbehaviour =>
  (operation) =>
    operations.has(operation) ? answer() : undefined;
const on = (operation: Operation, answer: () => Response) => at(new Set([operation]), answer);

const status = (code: number, name: string, stages = all, details: object[] = []): Fault => ({
  name: `${code} ${name}`,
  stages,
  misbehave: at(paid, () => error(code, details)),
});
const generated = (name: string, text: string, finishReason?: string): Fault => ({
  name,
  stages: models,
  misbehave: on("generate", () => reply(text, finishReason)),
});
const upload = (name: string, operation: Operation, answer: () => Response): Fault => ({
  name,
  stages: ["analysis"],
  misbehave: on(operation, answer),
});
const spoken = (name: string, answer: () => Response): Fault => ({
  name,
  stages: ["audio"],
  misbehave: on("speak", answer),
});
/** More than anybody reads, piece by piece. */
const endless = () =>
  new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024).fill(0x20)),
  });
const brokenOff = () => {
  let isBegun = false;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isBegun) controller.error(new Error("broken off"));
      else controller.enqueue(new TextEncoder().encode('{"candidates": ['));
      isBegun = true;
    },
  });
};
const sound = (bytes: Uint8Array) => Response.json({ audioContent: base64(bytes) });

export const faults: readonly Fault[] = [
  status(429, "with RetryInfo of 19.4 s", all, [{ retryDelay: "19.4s" }]),
  status(429, "without a delay"),
  status(429, "of a daily quota", all, [{ violations: [{ quotaId: "RequestsPerDay" }] }]),
  status(402, "no credit left"),
  status(400, "of a bad key", all, [{ reason: "API_KEY_INVALID" }]),
  status(401, "without a valid key"),
  status(403, "of a service that is not enabled", all, [{ reason: "SERVICE_DISABLED" }]),
  status(403, "otherwise"),
  status(404, "of a model or voice"),
  status(400, "otherwise"),
  status(500, ""),
  status(503, "overloaded"),
  status(504, "too late"),
  { name: "nobody answers", stages: all, misbehave: () => undefined, unreachable: true },
  {
    name: "a redirect",
    stages: all,
    misbehave: at(paid, () => Response.redirect("http://127.0.0.1:1/", 307)),
  },
  {
    name: "an answer that never ends",
    stages: all,
    misbehave: at(paid, () => new Response(endless())),
  },
  {
    name: "an answer that breaks off",
    stages: all,
    misbehave: at(paid, () => new Response(brokenOff())),
  },
  {
    name: "no answer before the deadline",
    stages: all,
    misbehave: at(paid, () => new Response(new ReadableStream())),
    hangs: true,
  },
  {
    name: "an answer that is no JSON",
    stages: all,
    misbehave: at(paid, () => new Response("<html>")),
  },
  {
    name: "a blocked prompt",
    stages: models,
    misbehave: on("generate", () => Response.json({ promptFeedback: { blockReason: "SAFETY" } })),
  },
  generated("an answer stopped as unsafe", "{}", "SAFETY"),
  generated("an answer stopped as a recitation", "{}", "RECITATION"),
  generated("an answer cut off twice", '{"ti', "MAX_TOKENS"),
  generated("an answer of another form, twice", "I cannot do that."),
  {
    name: "one remark of two that breaks the rules",
    stages: ["analysis"],
    misbehave: on("generate", () => {
      const [good] = analysis.feedback;
      return reply(JSON.stringify({ ...analysis, feedback: [good, { ...good, message: "" }] }));
    }),
  },
  upload("a file that the provider cannot read", "file", () =>
    Response.json({
      ...{ name: "files/abc", uri: "u", state: "FAILED" },
      error: { message: unspeakable },
    }),
  ),
  upload("a file that is read for minutes", "file", () =>
    Response.json({ name: "files/abc", uri: "u", state: "PROCESSING" }),
  ),
  upload("a file that is gone", "file", () => error(403)),
  upload(
    "an upload address elsewhere",
    "upload start",
    () => new Response(null, { headers: { "x-goog-upload-url": "http://127.0.0.1:1/u" } }),
  ),
  upload("an upload that is never confirmed", "upload", () => Response.json({})),
  upload("no object in Storage", "read video", () => error(404)),
  upload("Storage is away (reading)", "read video", () => error(503)),
  spoken("invalid SSML", () => error(400, [], "Invalid SSML.")),
  spoken("a sentence that is too long", () =>
    error(400, [], "This request contains sentences that are too long."),
  ),
  spoken("no voice of this name, nor of the language", () =>
    error(400, [], "Voice 'x' does not exist. Is it misspelled?"),
  ),
  spoken("no audio", () => Response.json({})),
  spoken("silence", () => sound(makeWav({ seconds: 0.5, amplitude: 0 }))),
  spoken("another format", () => sound(new TextEncoder().encode("OggS\0\u0002 and so on"))),
  spoken("half a header", () => sound(makeWav({ seconds: 0.5, amplitude: 0.4 }).subarray(0, 20))),
  {
    name: "Storage is away (writing)",
    stages: ["audio"],
    misbehave: on("store audio", () => error(503)),
  },
  {
    name: "Storage refuses the audio",
    stages: ["audio"],
    misbehave: on("store audio", () => error(413)),
  },
];

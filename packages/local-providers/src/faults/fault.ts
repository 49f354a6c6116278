import { z } from "zod";
import { API_STATUSES } from "../api-error.ts";

const statuses = z.union(API_STATUSES.map((status) => z.literal(status)));

/**
 * A fault to inject, as `POST /_faults` takes it: which operation, what goes wrong, how often.
 *
 * Of any answer:
 * - `status`: answer with an error status; `retryDelay` ("2s") and `quota` fill a 429's details
 * - `hang`: no answer until the faults are deleted · `slow`: answer after `delayMs` · `drop`: close the connection
 * - `cut`: break off in the middle of the answer · `endless`: an answer that never ends
 * - `redirect`: send the client to `location`, with 307
 *
 * Of what is answered:
 * - `malformed`: a 200 whose body is not JSON; from a model, a reply whose text is not JSON
 * - `truncated`: a model's reply cut in the middle, `MAX_TOKENS`; speech: a WAV without its end
 * - `blocked`: a model's refusal; `finishReason` for one after it began, else `promptFeedback`
 * - `silent`: speech of the right length without a sound · `wrong_audio`: another format than was asked for
 * - `invalid_ssml`: a model's broken markup
 * - `text`: the model answers exactly `text`; speech is its bytes
 *
 * Of a file, from the end of its upload on:
 * - `file_failed`: it becomes FAILED with `message`
 * - `file_processing`: it is PROCESSING for `seconds`, or for so many `looks`
 */
export const faultSchema = z.strictObject({
  match: z
    .enum(["any", "generateContent", "analysis", "ssml", "files", "upload", "tts"])
    .default("any"),
  kind: z
    .enum([
      ...(["status", "hang", "slow", "drop", "cut", "endless", "redirect"] as const),
      ...(["malformed", "truncated", "blocked", "silent", "wrong_audio"] as const),
      ...(["invalid_ssml", "text", "file_failed", "file_processing"] as const),
    ])
    .default("status"),
  /** How many requests it hits; null: all until it is deleted. */
  times: z.number().int().positive().nullable().default(1),
  /** How many matching requests pass before it begins. */
  after: z.number().int().nonnegative().default(0),
  status: statuses.default(503),
  message: z.string().max(500).optional(),
  retryDelay: z
    .string()
    .regex(/^\d+(\.\d+)?s$/, 'must be seconds like "2s"')
    .optional(),
  quota: z.enum(["PerMinute", "PerDay"]).optional(),
  delayMs: z.number().int().nonnegative().max(600_000).default(1_000),
  finishReason: z.string().max(60).optional(),
  text: z.string().max(100_000).default(""),
  location: z.url().default("http://127.0.0.1:9/"),
  seconds: z.number().positive().max(172_800).default(240),
  looks: z.number().int().positive().optional(),
});
export type Fault = z.infer<typeof faultSchema>;

import { z } from "zod";
import { StageError } from "../errors.ts";

export const provider = "Gemini";

/** What the provider calls a file; it becomes part of addresses. */
export const fileNameSchema = z.string().regex(/^files\/[\w-]{1,100}$/);
export const fileSchema = z.object({
  name: fileNameSchema,
  uri: z.string().min(1).max(1000),
  mimeType: z.string().max(200).optional(),
  state: z.string(),
  videoMetadata: z
    .object({
      videoDuration: z
        .string()
        .regex(/^\d+(\.\d+)?s$/)
        .optional(),
    })
    .optional(),
  error: z.object({ message: z.string().optional() }).optional(),
});
/** A file at the provider: `state` is PROCESSING, ACTIVE or FAILED. */
export type ProviderFile = z.infer<typeof fileSchema>;

/** What it said or did is not what its interface promises. */
export function confused(what: string): StageError {
  return new StageError("provider_unavailable", "defer", { detail: `${provider} ${what}` });
}

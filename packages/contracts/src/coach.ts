import { z } from "zod";

/**
 * The voice that speaks, copied into `analysis_jobs.coach` when the job is queued, so that a later
 * change of preferences does not mix voices within one analysis.
 * `speaks` is false where no voice speaks the recording's language: such is not spoken at all.
 * `speaking_rate` is 1 for normal; `pitch` is in semitones; `style` is a hint to the writer of SSML.
 */
export const coachSchema = z.object({
  voice_name: z.string().min(1),
  language_code: z.string().min(2),
  speaking_rate: z.number().min(0.25).max(4).nullish(),
  pitch: z.number().min(-20).max(20).nullish(),
  style: z.string().nullish(),
  speaks: z.boolean().default(true),
});
/** For jobs from before any voice was chosen. */
export const usualCoach = {
  voice_name: "en-US-Neural2-C",
  language_code: "en-US",
  speaks: true,
} as const satisfies Coach;
export type Coach = z.infer<typeof coachSchema>;

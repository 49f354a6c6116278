import { z } from "zod";

/**
 * The voice that speaks, copied into `analysis_jobs.coach` when the job is queued, so that a later
 * change of preferences does not mix voices within one analysis.
 * `speaking_rate` is 1 for normal; `pitch` is in semitones; `style` is a hint to the writer of SSML.
 */
export const coachSchema = z.object({
  voice_name: z.string().min(1),
  language_code: z.string().min(2),
  speaking_rate: z.number().min(0.25).max(4).nullish(),
  pitch: z.number().min(-20).max(20).nullish(),
  style: z.string().nullish(),
});
export type Coach = z.infer<typeof coachSchema>;

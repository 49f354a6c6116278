import { renderClaimSchema } from "@sideline/contracts";
import { z } from "zod";

/**
 * What the compositor's process is given: a render, and where on this machine its files lie. It
 * knows no key and no address, and asks the network nothing.
 */
export const jobSchema = renderClaimSchema
  .pick({
    format: true,
    width: true,
    height: true,
    fps: true,
    options: true,
    elements: true,
    coaching: true,
  })
  .extend({
    /** Files by `fileKey`. */
    files: z.record(z.string(), z.string()),
    /** The file to write. */
    output: z.string(),
    /** Bytes of memory that it may take. */
    memoryBytes: z.number(),
  });
export type Job = z.infer<typeof jobSchema>;

export function fileKey(bucket: string, path: string): string {
  return `${bucket}/${path}`;
}

const stepSchema = z.enum(["processing", "composition", "encoding"]);

/** What the process tells, a message each. */
export const messageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("progress"),
    step: stepSchema,
    /** Of the pictures, from 0 to 1. */
    share: z.number(),
    /** Bytes of memory. */
    memory: z.number(),
    /** Seconds that each of the two took of those so far, as they take turns. */
    spent: z.object({ composition: z.number(), encoding: z.number() }),
  }),
  z.object({
    type: z.literal("done"),
    frames: z.number(),
    seconds: z.number(),
    hasSound: z.boolean(),
    /** Of the processor, all cores together. */
    cpuSeconds: z.number(),
  }),
  z.object({ type: z.literal("failed"), code: z.string(), detail: z.string() }),
]);
export type Spent = Extract<Message, { type: "progress" }>["spent"];
export type Message = z.infer<typeof messageSchema>;

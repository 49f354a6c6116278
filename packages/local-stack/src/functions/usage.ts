import { z } from "zod";

const usageSchema = z.object({
  method: z.string(),
  path: z.string(),
  status: z.number(),
  cpuMs: z.number(),
  bootCpuMs: z.number(),
  wallMs: z.number(),
  memoryMb: z.number(),
  rssMb: z.number(),
});
/** What one call of a function used, as its process tells. */
export type CallUsage = z.infer<typeof usageSchema>;

const messageSchema = z.union([z.object({ used: usageSchema }), z.object({ port: z.number() })]);

/** A line that a function's runtime, not the function, has written. */
export function readMessage(text: string): z.infer<typeof messageSchema> {
  return messageSchema.parse(JSON.parse(text));
}

/** What a hosted call may use. One that takes longer is cut off on the smallest plan. */
const hosted = { cpuMs: 2000, memoryMb: 256, wallMs: 150_000 } as const;

/** In one line what a call used beyond what it has where functions are hosted; null for nothing. */
export function beyondHosted({ method, path, cpuMs, memoryMb, wallMs }: CallUsage): string | null {
  const over = [
    { used: cpuMs, of: hosted.cpuMs, write: seconds, what: "CPU" },
    { used: memoryMb, of: hosted.memoryMb, write: megabytes, what: "memory" },
    { used: wallMs, of: hosted.wallMs, write: seconds, what: "time" },
  ].filter(({ used, of }) => used > of);
  if (over.length === 0) return null;
  const used = over.map(({ used, write, what }) => `${write(used)} of ${what}`).join(" and ");
  const has = over.map(({ of, write }) => write(of)).join(" and ");
  return `${method} ${path} used ${used}; hosted, a call has ${has}.`;
}

function megabytes(number: number): string {
  return `${number} MB`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 10) / 100} s`;
}

import type { CallUsage } from "./runtime/usage.ts";

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

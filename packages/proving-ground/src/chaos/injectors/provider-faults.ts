import { z } from "zod";
import type { InjectorFactory } from "./injector.ts";

/** In the terms of the offline providers' `POST /_faults`. */
interface Fault {
  match: "analysis" | "ssml" | "tts" | "files" | "upload" | "any";
  kind: string;
  times?: number;
  [option: string]: unknown;
}

const unavailable: Fault[] = [
  { match: "any", kind: "drop", times: 2 },
  { match: "any", kind: "status", status: 503, times: 2 },
  { match: "any", kind: "status", status: 500 },
  { match: "upload", kind: "drop" },
  { match: "files", kind: "status", status: 503 },
];
const busy: Fault[] = [
  { match: "ssml", kind: "status", status: 429, retryDelay: "1s", quota: "PerMinute" },
  { match: "tts", kind: "status", status: 429, retryDelay: "1s", quota: "PerMinute" },
  { match: "analysis", kind: "status", status: 429, retryDelay: "2s", quota: "PerMinute" },
];
const slow: Fault[] = [
  { match: "any", kind: "slow", delayMs: 1_500, times: 4 },
  { match: "ssml", kind: "hang" },
  { match: "tts", kind: "hang" },
];
const lying: Fault[] = [
  { match: "analysis", kind: "malformed" },
  { match: "analysis", kind: "truncated" },
  { match: "ssml", kind: "invalid_ssml", times: 2 },
  { match: "ssml", kind: "malformed" },
  { match: "ssml", kind: "blocked" },
  { match: "ssml", kind: "text", text: '{"ssml": "<speak>Send money to me.</speak>"}' },
  { match: "tts", kind: "silent" },
  { match: "tts", kind: "truncated" },
  { match: "tts", kind: "text", text: "" },
  { match: "tts", kind: "malformed" },
];
const groups = [unavailable, busy, slow, lying, lying];

const idsSchema = z.object({ ids: z.array(z.number()) });
const armedSchema = z.object({
  faults: z.array(z.object({ fault: z.object({ kind: z.string() }), left: z.number().nullable() })),
});

/** Providers that are away, busy, slow or silent, and that lie: broken, empty or foreign answers. */
export const providerFaults: InjectorFactory = ({ stack }, random) => {
  const url = `${stack.providersUrl}/_faults`;
  const armed: Record<string, number> = {};

  return {
    name: "provider-faults",
    every: [300, 1_800],
    async strike() {
      const fault = random.pick(random.pick(groups));
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(fault),
      });
      idsSchema.parse(await response.json());
      armed[fault.kind] = (armed[fault.kind] ?? 0) + (fault.times ?? 1);
    },
    async restore() {
      const { faults } = armedSchema.parse(await (await fetch(url)).json());
      for (const { fault, left } of faults)
        armed[fault.kind] = (armed[fault.kind] ?? 0) - (left ?? 0);
      await fetch(url, { method: "DELETE" });
    },
    counts: () =>
      Object.fromEntries(
        Object.entries(armed)
          .sort()
          .map(([kind, times]) => [`provider: ${kind.replace("_", " ")}`, times]),
      ),
  };
};

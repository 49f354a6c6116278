/** Ways to where the exhaustive walks begin. */
import type { Operation } from "./operations.ts";

export const record = (recording: string, owner: string): Operation => ({
  does: "record",
  recording,
  owner,
});
export const uploaded = (recording: string): Operation => ({
  does: "upload",
  recording,
  status: "completed",
});
export const analysed: Operation[] = [
  record("a", "ann"),
  uploaded("a"),
  { does: "claim", worker: "past", stage: "analysis", batch: 1 },
  { does: "complete", worker: "past", item: "analysis a" },
];
export const written: Operation[] = [
  { does: "claim", worker: "past", stage: "ssml", batch: 2 },
  { does: "complete", worker: "past", item: "ssml a.0" },
];

/** Items of one owner, and of two; of which the second was queued first. */
export const twoOwners: Operation[] = [
  record("a", "ann"),
  record("b", "bob"),
  uploaded("b"),
  { does: "wait", seconds: 1 },
  uploaded("a"),
];

/** Two of ann's, then one of bob's. */
export const threeOfTwo: Operation[] = [
  record("a", "ann"),
  record("b", "ann"),
  record("c", "bob"),
  ...["a", "b", "c"].map(uploaded),
];

/** The provider was away for both of them; b is still held. */
export const openCircuit: Operation[] = [
  ...threeOfTwo,
  { does: "claim", worker: "w1", stage: "analysis", batch: 3 },
  ...(["analysis a", "analysis c"] as const).map((item) => ({
    does: "fail" as const,
    worker: "w1",
    item,
    retryable: true,
    code: "provider_unavailable" as const,
  })),
];

/** Ann is at her cap with a, and b waits below the watermark, which bob's items have moved on. */
export const passedOver: Operation[] = [
  ...["a", "b"].flatMap((name) => [record(name, "ann"), uploaded(name)]),
  { does: "claim", worker: "w1", stage: "analysis", batch: 1 },
  ...["c", "d", "e", "f"].flatMap((name): Operation[] => [
    record(name, "bob"),
    uploaded(name),
    { does: "wait", seconds: 1 },
    { does: "claim", worker: "w1", stage: "analysis", batch: 1 },
    { does: "complete", worker: "w1", item: `analysis ${name}` },
  ]),
];

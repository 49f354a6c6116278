/** What the exhaustive walks walk: for each stage where they begin and what may happen. */
import type { World } from "./model.ts";
import { everyCall, type Repertoire, type Worker } from "./moves.ts";
import type { Operation } from "./operations.ts";
import type { Stage } from "./transitions.ts";

export interface Scope {
  name: string;
  world: Omit<World, "random">;
  owners: readonly string[];
  /** Leads from nothing to where the walk begins. */
  prelude: readonly Operation[];
  repertoire: Repertoire;
  /** No sequence is longer; null as long as longer ones lead to anything new. */
  depth: number | null;
}

const settings: World["settings"] = {
  maxAttempts: 2,
  leaseSeconds: 60,
  maxConcurrency: null,
  backoffBaseSeconds: 8,
  backoffCapSeconds: 10,
  maxDeferredSeconds: 30,
  failureThreshold: 2,
  openSeconds: 20,
  longestOpenSeconds: 40,
  longestPauseSeconds: 25,
};

const nothing: Repertoire = {
  workers: [],
  retries: [],
  deferSeconds: [30],
  extendSeconds: [90],
  intrusions: false,
  outages: false,
  uploads: false,
  rewording: false,
  ssmlSegments: 0,
  deleting: false,
};

const owners = ["ann", "bob"];
const record = (recording: string, owner: string): Operation => ({
  does: "record",
  recording,
  owner,
});
const uploaded = (recording: string): Operation => ({
  does: "upload",
  recording,
  status: "completed",
});
const pair = (stage: Stage, batches: readonly number[], calls = everyCall): Worker[] =>
  ["w1", "w2"].map((name) => ({ name, stage, batches, calls }));
const analysed: Operation[] = [
  record("a", "ann"),
  uploaded("a"),
  { does: "claim", worker: "past", stage: "analysis", batch: 1 },
  { does: "complete", worker: "past", item: "analysis a" },
];
const written: Operation[] = [
  { does: "claim", worker: "past", stage: "ssml", batch: 2 },
  { does: "complete", worker: "past", item: "ssml a.0" },
];

const oneItem = (stage: Stage, prelude: Operation[], more: Partial<Repertoire>): Scope => ({
  name: `${stage}, one item`,
  world: { settings: { ...settings, maxAttempts: 3 }, findings: ["Hop."] },
  owners,
  prelude,
  repertoire: {
    ...nothing,
    workers: pair(stage, [1]),
    retries: [stage],
    intrusions: true,
    deleting: true,
    ...more,
  },
  depth: null,
});

const twoItems = (stage: Stage, prelude: Operation[]): Scope => ({
  name: `${stage}, two items`,
  world: { settings, findings: ["Hop.", "Hop."] },
  owners,
  prelude,
  repertoire: {
    ...nothing,
    workers: pair(stage, [1, 2], ["complete", "fail", "defer", "release"]),
    retries: [stage],
  },
  depth: 5,
});

/** Items of one owner, and of two; of which the second was queued first. */
const twoOwners: Operation[] = [
  record("a", "ann"),
  record("b", "bob"),
  uploaded("b"),
  { does: "wait", seconds: 1 },
  uploaded("a"),
];

export const scopes: readonly Scope[] = [
  {
    ...oneItem("analysis", [record("a", "ann")], { uploads: true }),
    world: { settings, findings: ["Hop.", ""] },
  },
  twoItems("analysis", twoOwners),
  oneItem("ssml", analysed, { rewording: true }),
  twoItems("ssml", analysed),
  oneItem("audio", [...analysed, ...written], {}),
  twoItems("audio", [
    ...analysed,
    ...written,
    { does: "complete", worker: "past", item: "ssml a.1" },
  ]),
  {
    ...oneItem("audio", [...analysed, ...written], {
      workers: [
        ...pair("audio", [1]),
        { name: "writer", stage: "ssml", batches: [1], calls: ["complete"] },
      ],
      rewording: true,
      ssmlSegments: 3,
    }),
    name: "audio, its words and SSML change",
    depth: 5,
  },
  {
    ...oneItem("ssml", analysed, {
      workers: pair("ssml", [1]).slice(0, 1),
      outages: true,
      extendSeconds: [],
      intrusions: false,
      deleting: false,
    }),
    world: { settings, findings: ["Hop."] },
    name: "ssml, its provider is not there",
  },
  {
    ...twoItems("ssml", analysed),
    world: { settings: { ...settings, maxConcurrency: 1 }, findings: ["Hop.", "Hop."] },
    name: "ssml, two items, one lease at a time",
  },
];

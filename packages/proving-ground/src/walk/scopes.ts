/** What the exhaustive walks walk: for each stage where they begin and what may happen. */
import type { World } from "./model.ts";
import { everyCall, type Repertoire, type Worker } from "./moves.ts";
import type { Operation } from "./operations.ts";
import {
  analysed,
  openCircuit,
  passedOver,
  record,
  threeOfTwo,
  twoOwners,
  uploaded,
  written,
} from "./preludes.ts";
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
  maxLosses: 1,
  leaseSeconds: 60,
  maxConcurrency: 64,
  maxConcurrencyPerUser: 64,
  dailyAttempts: null,
  maxRetries: 1,
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
  faults: ["provider_rejected"],
  deferrals: [
    { code: "provider_rate_limited", seconds: 30 },
    { code: "provider_rate_limited", seconds: 31 },
  ],
  extendSeconds: [90],
  intrusions: false,
  busy: false,
  uploads: false,
  rewording: false,
  deleting: false,
};

const owners = ["ann", "bob"];
const pair = (stage: Stage, batches: readonly number[], calls = everyCall): Worker[] =>
  ["w1", "w2"].map((name) => ({ name, stage, batches, calls }));
/** Every call on one item, two workers, and what time and owners do to it. */
const oneItem = (stage: Stage, prelude: Operation[], more: Partial<Repertoire>): Scope => ({
  name: `${stage}, one item`,
  world: { settings, findings: ["Hop."] },
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
  depth: 4,
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
  depth: 3,
});

const one = (stage: Stage, calls: Worker["calls"], batches = [1]): Worker[] =>
  pair(stage, batches, calls).slice(0, 1);

/** One item with few calls, in sequences of any length. */
const closed = (
  name: string,
  prelude: readonly Operation[],
  changed: Partial<World["settings"]>,
  repertoire: Partial<Repertoire>,
): Scope => ({
  name,
  world: { settings: { ...settings, ...changed }, findings: ["Hop."] },
  owners,
  prelude,
  repertoire: { ...nothing, deferrals: [], extendSeconds: [], ...repertoire },
  depth: null,
});

const beginnings: [Stage, Operation[]][] = [
  ["analysis", [record("a", "ann"), uploaded("a")]],
  ["ssml", analysed],
  ["audio", [...analysed, ...written]],
];

/** A scope of analyses of two owners with few calls, so that its sequences can be long. */
const ofTwoOwners = (
  name: string,
  depth: number,
  changed: Partial<World["settings"]>,
  repertoire: Partial<Repertoire>,
): Scope => ({
  name,
  world: { settings: { ...settings, ...changed }, findings: [] },
  owners,
  prelude: threeOfTwo,
  repertoire: { ...nothing, deferrals: [], extendSeconds: [], ...repertoire },
  depth,
});

export const scopes: readonly Scope[] = [
  {
    ...oneItem("analysis", [record("a", "ann")], {
      uploads: true,
      deferrals: [
        { code: "provider_rate_limited", seconds: 30 },
        { code: "provider_rate_limited", seconds: 31 },
        { code: "video_missing", seconds: 20, within: 15 },
      ],
    }),
    world: { settings, findings: ["Hop.", ""] },
  },
  twoItems("analysis", twoOwners),
  oneItem("ssml", analysed, { rewording: true }),
  twoItems("ssml", analysed),
  oneItem("audio", [...analysed, ...written], {
    workers: [
      ...pair("audio", [1]),
      { name: "writer", stage: "ssml", batches: [1], calls: ["complete"] },
    ],
    rewording: true,
  }),
  twoItems("audio", [
    ...analysed,
    ...written,
    { does: "complete", worker: "past", item: "ssml a.1" },
  ]),
  ...beginnings.flatMap(([stage, prelude]) => [
    closed(
      `${stage}, its workers vanish`,
      prelude,
      {},
      {
        workers: one(stage, ["release", "extend"]),
        busy: true,
        extendSeconds: [90],
      },
    ),
    {
      ...closed(
        `${stage}, one claim a day`,
        prelude,
        { dailyAttempts: 1 },
        {
          workers: one(stage, ["fail"]),
        },
      ),
      depth: 5,
    },
  ]),
  closed("analysis, two lose their workers", twoOwners, {}, { workers: one("analysis", []) }),
  closed(
    "ssml, it fails again and again",
    analysed,
    { maxAttempts: 1, maxLosses: 9 },
    {
      workers: one("ssml", ["fail"]),
      retries: ["ssml"],
    },
  ),
  {
    ...closed(
      "audio, its SSML is refused",
      [...analysed, ...written],
      { maxLosses: 9 },
      {
        workers: [...one("audio", ["send back"]), ...one("ssml", ["complete"])],
        retries: ["audio"],
      },
    ),
    depth: 9,
  },
  ofTwoOwners(
    "analysis, workers vanish with batches",
    6,
    {},
    {
      workers: one("analysis", ["release"], [1, 3]),
      busy: true,
    },
  ),
  ofTwoOwners(
    "analysis, its provider is not there",
    3,
    { maxAttempts: 9 },
    {
      workers: one("analysis", ["complete", "fail", "release"], [1, 3]),
      faults: ["provider_unavailable"],
    },
  ),
  ofTwoOwners(
    "analysis, its provider refuses",
    5,
    { maxDeferredSeconds: 200 },
    {
      workers: one("analysis", ["complete", "defer"]),
      deferrals: [{ code: "provider_rate_limited", seconds: 30 }, { code: "provider_unavailable" }],
    },
  ),
  {
    ...ofTwoOwners(
      "analysis, its circuit is open",
      5,
      { maxAttempts: 9 },
      {
        workers: one("analysis", ["complete", "fail", "release"]),
        faults: ["provider_unavailable"],
      },
    ),
    prelude: openCircuit,
  },
  ofTwoOwners(
    "analysis, one slot",
    4,
    { maxConcurrency: 1, maxConcurrencyPerUser: null },
    {
      workers: pair("analysis", [1, 3], ["complete", "release"]),
    },
  ),
  ofTwoOwners(
    "analysis, half of two slots for one owner",
    4,
    { maxConcurrency: 2, maxConcurrencyPerUser: null },
    { workers: pair("analysis", [1, 3], ["complete", "release"]) },
  ),
  ofTwoOwners(
    "analysis, one slot for each owner",
    4,
    { maxConcurrency: 9, maxConcurrencyPerUser: 1 },
    { workers: pair("analysis", [1, 3], ["complete", "release"]) },
  ),
  {
    ...ofTwoOwners(
      "analysis, passed over at the cap",
      4,
      { maxConcurrencyPerUser: 1 },
      {
        workers: one("analysis", ["complete"]),
      },
    ),
    prelude: passedOver,
  },
  ofTwoOwners(
    "analysis, two claims a day",
    4,
    { dailyAttempts: 2 },
    {
      workers: one("analysis", ["complete", "defer", "release"], [1, 3]),
      deferrals: [{ code: "provider_rate_limited", seconds: 3 }],
    },
  ),
];

import type { Finding } from "./judge/finding.ts";
import type { ItemCount } from "./judge/items.ts";
import type { Recoveries } from "./judge/recovery.ts";

/** What a run has done, and what came of it. */
export interface Outcome {
  seed: number;
  kept: boolean;
  findings: Finding[];
  /** What was done, by its name. */
  injected: Record<string, number>;
  recoveries: Recoveries;
  claims: number;
  staleWrites: {
    refused: number;
    /** Of these, repetitions of a write whose answer had got lost. */
    repeated: number;
  };
  recordings: number;
  audioFiles: number;
  items: ItemCount[];
}

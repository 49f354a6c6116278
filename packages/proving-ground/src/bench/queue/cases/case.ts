import type { Table } from "../../table.ts";
import type { Arena } from "../arena.ts";
import type { Sizes } from "../sizes.ts";

export interface CaseContext {
  arena: Arena;
  sizes: Sizes;
  /** Told in one line how far it is. */
  say(line: string): void;
}

export interface CaseOutcome {
  tables: Table[];
  /** All that was measured, for `--json`. */
  data: unknown;
  /** Items lost or finished twice, over all contestants. */
  faults: number;
}

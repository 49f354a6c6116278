import type { ClaimHead } from "@sideline/contracts";
import { describeError } from "../errors.ts";
import type { Log } from "../log.ts";
import { LeaseLost } from "./abort.ts";
import type { Queue } from "./queue.ts";

/** Milliseconds between extensions; the isolate's clock and the database's may differ. */
const shortest = 1000;
const longest = 20_000;

export interface LeaseKeeper {
  /** Extends often enough for these new leases: three times in a lease. */
  adjust(items: readonly ClaimHead[]): void;
  stop(): void;
}

/**
 * Extends the lease of every held item while it waits or is worked on. An item whose lease has
 * passed to another worker is aborted with LeaseLost; a call that fails is tried again next time.
 */
export function keepLeases<Item extends ClaimHead, Result>(
  queue: Queue<Item, Result>,
  held: ReadonlyMap<Item, AbortController>,
  log: Log,
): LeaseKeeper {
  let every = longest;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const extendAll = async (): Promise<void> => {
    await Promise.all(
      [...held].map(async ([item, abort]) => {
        try {
          if (await queue.extend(item)) return;
          if (held.has(item)) abort.abort(new LeaseLost());
        } catch (error) {
          log.warn("lease.not_extended", { id: item.id, ...describeError(error) });
        }
      }),
    );
    schedule();
  };
  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(extendAll, every);
  };
  let stopped = false;
  return {
    adjust(items) {
      for (const item of items) {
        const left = Date.parse(item.lease_expires_at) - Date.now();
        if (Number.isFinite(left)) every = Math.min(every, Math.max(shortest, left / 3));
      }
      if (!stopped) schedule();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

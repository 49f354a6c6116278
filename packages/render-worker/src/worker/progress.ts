import type { RenderClaim } from "@sideline/contracts";
import { Interrupted, settle } from "../../../../supabase/functions/_shared/errors.ts";
import { RenderError } from "../render-error.ts";
import type { RenderQueue, Step, Told } from "./queue.ts";

/** Another worker holds the render now. */
export class LeaseLost extends Interrupted {
  override name = "LeaseLost";
}
/** Its owner wants it no more. */
export class Cancelled extends Interrupted {
  override name = "Cancelled";
}

export interface Progress {
  /** Of the whole render, 0 to 100. */
  percent: number;
  /** Does a step and tells when it begins and how it ends. */
  during<T>(
    step: Step,
    work: () => Promise<T>,
    details?: (result: T) => Told["details"],
  ): Promise<T>;
  /** Tells the name of the file that is about to be stored. Throws what aborts the work. */
  name(path: string): Promise<void>;
  /** The file that was named. */
  readonly named: string | null;
  stop(): void;
}

/**
 * Milliseconds between two tellings, which with the time that they take is no second; a cancelled
 * render is stopped as soon as one is answered.
 */
const every = 700;

/**
 * Tells the database each second how far a render is, which keeps its lease. Aborts the work with
 * Cancelled or LeaseLost; a call that fails is made again as long as the lease can still hold.
 */
export function tellProgress(
  queue: RenderQueue,
  item: RenderClaim,
  abort: (reason: Interrupted) => void,
): Progress {
  const leaseMs = Math.max(every, Date.parse(item.lease_expires_at) - Date.now());
  let keptAt = performance.now();
  let isStopped = false;
  let last = Promise.resolve();
  let named: string | null = null;
  const report = async (change?: Told): Promise<void> => {
    const answer = await queue.report(item, progress.percent, change);
    keptAt = performance.now();
    if (answer === "ok") return;
    const reason = answer === "cancelled" ? new Cancelled() : new LeaseLost();
    abort(reason);
    throw reason;
  };
  const told = async (change?: Told): Promise<void> => {
    try {
      await report(change);
    } catch (error) {
      if (error instanceof Interrupted) return;
      if (performance.now() - keptAt > leaseMs) abort(new LeaseLost());
    }
  };
  /** One after the other, so that steps are told in their order. */
  const tell = (change?: Told): Promise<void> => {
    last = last.then(() => (isStopped ? undefined : told(change)));
    return last;
  };
  let timer: ReturnType<typeof setTimeout>;
  const tick = async (): Promise<void> => {
    await tell();
    if (!isStopped) timer = setTimeout(tick, every);
  };
  timer = setTimeout(tick, every);
  const progress: Progress = {
    percent: 0,
    async during(step, work, details) {
      await tell({ step, state: "started" });
      try {
        const result = await work();
        const found = details?.(result);
        await tell({ step, state: "completed", ...(found ? { details: found } : {}) });
        return result;
      } catch (error) {
        // What was interrupted has not failed: its steps end with its attempt.
        if (!(error instanceof Interrupted)) {
          const { code } = error instanceof RenderError ? error : settle(error);
          await tell({ step, state: "failed", error_code: code });
        }
        throw error;
      }
    },
    get named() {
      return named;
    },
    async name(path) {
      await report({ path });
      named = path;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
  return progress;
}

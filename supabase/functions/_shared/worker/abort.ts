import { Interrupted } from "../errors.ts";

/** Another worker holds the item now: whatever comes of this work must not be written. */
export class LeaseLost extends Interrupted {
  override name = "LeaseLost";
}

/** The run's time is over before the item was done. */
export class OutOfTime extends Interrupted {
  override name = "OutOfTime";
}

/** The run may do no more; the next one goes on from what was kept. */
export class ToBeContinued extends Interrupted {
  override name = "ToBeContinued";
}

/** The isolate has been told to stop. */
export class ShuttingDown extends Interrupted {
  override name = "ShuttingDown";
}

/** Settles with the work, or rejects as soon as the signal aborts, even if the work never ends. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

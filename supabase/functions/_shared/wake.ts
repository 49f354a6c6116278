import type { FunctionName } from "@sideline/contracts";
import type { Log } from "./log.ts";

/** Tells a function that there may be work. */
export type Wake = (name: FunctionName) => void;

export interface WakeOptions {
  /** The project's URL. */
  url: string;
  secretKey: string;
  fetch: typeof fetch;
  /** Keeps the isolate alive until the promise settles. */
  background(task: Promise<unknown>): void;
  log: Log;
}

/** A woken worker answers when it is done; this long is enough to know that it was reached. */
const patienceMs = 2000;

/**
 * Wakes functions by a call that nobody waits for. It is a hint that may get lost: the scheduler
 * finds the work as well, a moment later. While a call to a function is on its way, further wakes
 * become one more call after it.
 */
export function createWaker(options: WakeOptions): Wake {
  const underWay = new Map<FunctionName, { again: boolean }>();

  const call = async (name: FunctionName): Promise<void> => {
    try {
      const response = await options.fetch(`${options.url}/functions/v1/${name}`, {
        method: "POST",
        headers: { apikey: options.secretKey, "content-type": "application/json" },
        body: "{}",
        signal: AbortSignal.timeout(patienceMs),
      });
      await response.body?.cancel();
      if (!response.ok)
        options.log.warn("wake.refused", { function: name, status: response.status });
    } catch (error) {
      const timedOut = error instanceof DOMException && error.name === "TimeoutError";
      if (!timedOut) options.log.warn("wake.lost", { function: name });
    }
  };
  const callUntilQuiet = async (name: FunctionName, state: { again: boolean }): Promise<void> => {
    do {
      state.again = false;
      await call(name);
    } while (state.again);
    underWay.delete(name);
  };

  return (name) => {
    const state = underWay.get(name);
    if (state) {
      state.again = true;
      return;
    }
    const fresh = { again: false };
    underWay.set(name, fresh);
    options.background(callUntilQuiet(name, fresh));
  };
}

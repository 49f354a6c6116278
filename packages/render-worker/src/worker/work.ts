import { errorSentences, type RenderClaim } from "@sideline/contracts";
import {
  describeError,
  Interrupted,
  settle,
} from "../../../../supabase/functions/_shared/errors.ts";
import type { Log } from "../../../../supabase/functions/_shared/log.ts";
import type { Storage } from "../../../../supabase/functions/_shared/storage.ts";
import { RenderError } from "../render-error.ts";
import type { Bounds } from "./compositor-process.ts";
import { Cancelled, LeaseLost, tellProgress } from "./progress.ts";
import type { RenderQueue } from "./queue.ts";
import { renderVideo } from "./render.ts";

export interface WorkerDeps {
  queue: RenderQueue;
  storage: Storage;
  bounds: Bounds;
  log: Log;
  /** Aborts when the worker is told to stop: what it holds is given back. */
  shutdown: AbortSignal;
}

/** These may end otherwise in another attempt; what is wrong with an element never does. */
const retryable = new Set(["render_invalid", "internal_error"]);

/** Claims one render and does it. @returns false when there was none */
export async function workOnce(deps: WorkerDeps): Promise<boolean> {
  const { queue, log } = deps;
  const claim = await queue.claim();
  if (!claim) return false;
  const started = performance.now();
  const { id, attempt, correlation_id } = claim;
  const itemLog = log.with({ id, attempt, correlation_id });
  const outcome = await workOn(claim, { ...deps, log: itemLog }).catch((error: unknown) => {
    itemLog.error("item.lost", describeError(error));
    return "lost";
  });
  itemLog.info("item.settled", { outcome, ms: Math.round(performance.now() - started) });
  return true;
}

async function workOn(claim: RenderClaim, deps: WorkerDeps): Promise<string> {
  const { queue, shutdown, log } = deps;
  const stop = new AbortController();
  const onShutdown = () => stop.abort(shutdown.reason);
  if (shutdown.aborted) onShutdown();
  shutdown.addEventListener("abort", onShutdown, { once: true });
  const progress = tellProgress(queue, claim, (reason) => stop.abort(reason));
  const { signal } = stop;
  try {
    const result = await renderVideo(claim, { ...deps, progress, signal });
    progress.percent = 99;
    const outcome = await queue.complete(claim, result);
    if (outcome === "stale") await queue.discard(claim, result.path);
    return outcome;
  } catch (error) {
    // Whatever the work threw when it was stopped, the reason is what counts.
    const cause: unknown = signal.aborted ? signal.reason : error;
    const detail = cause instanceof RenderError ? { code: cause.code, detail: cause.detail } : null;
    log.warn("item.interrupted", detail ?? describeError(cause));
    return await putBack(claim, cause, progress.named, deps);
  } finally {
    progress.stop();
    shutdown.removeEventListener("abort", onShutdown);
  }
}

/** @param named the file that may have been stored */
async function putBack(
  claim: RenderClaim,
  cause: unknown,
  named: string | null,
  { queue, shutdown }: WorkerDeps,
): Promise<string> {
  if (cause instanceof Cancelled || cause instanceof LeaseLost) {
    if (named !== null) await queue.discard(claim, named);
    return cause instanceof Cancelled ? "cancelled" : "stale";
  }
  if (shutdown.aborted && cause instanceof Interrupted) {
    await queue.release(claim);
    return "released";
  }
  if (cause instanceof RenderError) {
    const { code } = cause;
    await queue.fail(claim, code, errorSentences[code], retryable.has(code));
  } else {
    const { fate, code, message } = settle(cause);
    if (fate === "defer") await queue.defer(claim, code, message);
    else await queue.fail(claim, code, message, fate === "retry");
  }
  return "put_back";
}

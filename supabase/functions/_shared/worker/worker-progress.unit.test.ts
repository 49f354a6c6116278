import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Fate, StageError } from "../errors.ts";
import { sleep } from "../sleep.ts";
import { memoryQueue } from "../testing/memory-queue.ts";
import { workerOn } from "../testing/worker-on.ts";
import type { Attempt } from "./attempt.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker whose items keep something first, and have to be cleaned up after. */
function keeping(then: (attempt: Attempt, id: number) => Promise<string>, stop?: AbortSignal) {
  const queue = memoryQueue({ ids: [1], leaseMs: 9000 });
  let cleaned = 0;
  const { worker } = workerOn(queue, {
    ...(stop ? { shutdown: stop } : {}),
    async process(item, attempt) {
      attempt.atEnd(async () => void cleaned++);
      await attempt.keep({ file: "files/a" });
      return await then(attempt, item.id);
    },
  });
  return { queue, worker, row: () => queue.rows.get(1), cleaned: () => cleaned };
}

const throwing = (fate: Fate) => async (): Promise<string> => {
  throw new StageError("provider_rejected", fate, { retryAfterSeconds: 60 });
};

describe("what an attempt keeps", () => {
  test("is with the item at once", async () => {
    const { worker, row } = keeping(() => new Promise(() => undefined));

    void worker.run();
    await vi.advanceTimersByTimeAsync(0);

    expect(row()).toMatchObject({ status: "processing", progress: { file: "files/a" } });
    await vi.advanceTimersByTimeAsync(130_000);
  });

  test("cannot be kept of an item that another worker holds", async () => {
    let wentOn = false;
    const { queue, worker, row } = keeping(async (attempt) => {
      queue.steal(1);
      await attempt.keep({ file: "files/b" });
      wentOn = true;
      return "late";
    });

    expect(await worker.run()).toMatchObject({ stale: 1 });
    expect(wentOn).toBe(false);
    expect(row()?.progress).toEqual({ file: "files/a" });
  });

  test("buys an item that ran out of time another attempt", async () => {
    const { worker, row } = keeping(async ({ signal }) => {
      await sleep(1_000_000, signal);
      return "done";
    });

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(121_000);

    expect(await run).toMatchObject({ released: 1, retried: 0 });
    expect(row()?.attempts).toBe(0);
  });
});

describe("is cleaned up", () => {
  test("when the item is completed", async () => {
    const { worker, cleaned } = keeping(async () => "done");

    expect(await worker.run()).toMatchObject({ completed: 1 });
    expect(cleaned()).toBe(1);
  });

  test.each([
    ["fail", { failed: 1 }, 1],
    ["retry", { retried: 2, failed: 1 }, 3],
    ["send_back", { sent_back: 1 }, 1],
    ["defer", { deferred: 1 }, 0],
  ] as const)("or not, when it is to %s", async (fate, counts, times) => {
    const { worker, cleaned } = keeping(throwing(fate));

    expect(await worker.run()).toMatchObject(counts);
    expect(cleaned()).toBe(times);
  });

  test("not when the item is given back, or taken over", async () => {
    const stop = new AbortController();
    const shutDown = keeping(async ({ signal }) => {
      stop.abort();
      await sleep(1000, signal);
      return "done";
    }, stop.signal);
    const takenOver = keeping(async () => {
      takenOver.queue.steal(1);
      return "late";
    });

    expect(await shutDown.worker.run()).toMatchObject({ released: 1 });
    expect(await takenOver.worker.run()).toMatchObject({ stale: 1 });
    expect([shutDown.cleaned(), takenOver.cleaned()]).toEqual([0, 0]);
  });

  test("when the item is gone, or begun anew", async () => {
    const gone = keeping(async () => {
      gone.queue.rows.delete(1);
      return "late";
    });
    const anew = keeping(async () => {
      anew.queue.steal(1);
      delete anew.row()?.progress;
      return "late";
    });

    expect(await gone.worker.run()).toMatchObject({ stale: 1 });
    expect(await anew.worker.run()).toMatchObject({ stale: 1 });
    expect([gone.cleaned(), anew.cleaned()]).toEqual([1, 1]);
  });

  test("by what may fail without harm", async () => {
    const queue = memoryQueue({ ids: [1] });
    const { worker } = workerOn(queue, {
      async process(_item, { atEnd }) {
        atEnd(async () => {
          throw new Error("gone");
        });
        return "done";
      },
    });

    expect(await worker.run()).toMatchObject({ completed: 1, lost: 0 });
  });
});

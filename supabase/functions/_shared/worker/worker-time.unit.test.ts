import type { ClaimHead } from "@sideline/contracts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sleep } from "../sleep.ts";
import { type MemoryQueue, memoryQueue } from "../testing/memory-queue.ts";
import { workerOn } from "../testing/worker-on.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const statuses = (queue: MemoryQueue): string[] =>
  [...queue.rows.values()].map((row) => row.status);
const one = (queue: MemoryQueue, id = 1) => queue.rows.get(id);

describe("leases", () => {
  test("are extended while an item is in work", async () => {
    const queue = memoryQueue({ ids: [1], leaseMs: 9000 });
    const { worker } = workerOn(queue, {
      async process(_item, { signal }) {
        await sleep(40_000, signal);
        return "done";
      },
    });

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(41_000);

    expect(await run).toMatchObject({ claimed: 1, completed: 1 });
    expect(one(queue)?.attempts).toBe(1);
  });

  test("an item whose lease was lost is stopped, and nothing of it is written", async () => {
    let stopped = false;
    const queue = memoryQueue({ ids: [1], leaseMs: 9000 });
    const { worker } = workerOn(queue, {
      process: (_item, { signal }) =>
        sleep(40_000, signal).then(
          () => "late",
          (error) => {
            stopped = true;
            throw error;
          },
        ),
    });

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(1000);
    queue.steal(1);
    await vi.advanceTimersByTimeAsync(4000);

    expect(await run).toMatchObject({ stale: 1, completed: 0 });
    expect(stopped).toBe(true);
    expect(one(queue)).toMatchObject({ status: "processing" });
  });

  test("a result that comes too late is stale, not completed", async () => {
    const queue = memoryQueue({ ids: [1] });
    const { worker } = workerOn(queue, {
      async process() {
        queue.steal(1);
        return "late";
      },
    });

    expect(await worker.run()).toMatchObject({ stale: 1, completed: 0 });
    expect(one(queue)?.result).toBeUndefined();
  });

  test("an extension that fails is tried again", async () => {
    const queue = memoryQueue({ ids: [1], leaseMs: 9000 });
    queue.breakNext("extend");
    const { worker } = workerOn(queue, {
      async process(_item, { signal }) {
        await sleep(20_000, signal);
        return "done";
      },
    });

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(21_000);

    expect(await run).toMatchObject({ completed: 1, stale: 0 });
  });
});

describe("time", () => {
  const slow = (ms: number) => ({
    process: async (_item: ClaimHead, { signal }: { signal: AbortSignal }) => {
      await sleep(ms, signal);
      return "done";
    },
  });

  test("waiting items are given back when the budget is spent; running ones may finish", async () => {
    const queue = memoryQueue({ ids: [1, 2, 3], batch: 3 });
    const { worker } = workerOn(queue, { ...slow(95_000), concurrency: 1 });

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(96_000);

    expect(await run).toMatchObject({ claimed: 3, completed: 1, released: 2 });
    expect(statuses(queue)).toEqual(["completed", "queued", "queued"]);
    expect(one(queue, 2)?.attempts).toBe(0);
  });

  test("an item that used up the whole run spends its attempt", async () => {
    const queue = memoryQueue({ ids: [1] });
    const { worker } = workerOn(queue, slow(1_000_000));

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(121_000);

    expect(await run).toMatchObject({ retried: 1, released: 0 });
    expect(one(queue)).toMatchObject({ attempts: 1, errorCode: "out_of_time" });
  });

  test("an item that was claimed late gets its attempt back", async () => {
    const queue = memoryQueue({ ids: [1, 2], batch: 1 });
    const { worker } = workerOn(queue, {
      concurrency: 1,
      async process(item, { signal }) {
        await sleep(item.id === 1 ? 85_000 : 1_000_000, signal);
        return "done";
      },
    });

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(121_000);

    expect(await run).toMatchObject({ completed: 1, released: 1 });
    expect(one(queue, 2)).toMatchObject({ status: "queued", attempts: 0 });
  });

  test("work that ignores its signal cannot hold up the run", async () => {
    const queue = memoryQueue({ ids: [1] });
    const { worker } = workerOn(queue, { process: () => new Promise(() => undefined) });

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(121_000);

    expect(await run).toMatchObject({ claimed: 1, retried: 1 });
  });

  test("a shutdown gives everything back at once", async () => {
    const stop = new AbortController();
    const queue = memoryQueue({ ids: [1, 2, 3], batch: 3 });
    const { worker } = workerOn(queue, { ...slow(60_000), concurrency: 2, shutdown: stop.signal });

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(100);
    stop.abort();
    await vi.advanceTimersByTimeAsync(0);

    expect(await run).toMatchObject({ claimed: 3, released: 3 });
    expect(statuses(queue)).toEqual(["queued", "queued", "queued"]);
  });
});

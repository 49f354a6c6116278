import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StageError } from "../errors.ts";
import { sleep } from "../sleep.ts";
import { type MemoryQueue, memoryQueue } from "../testing/memory-queue.ts";
import { workerOn } from "../testing/worker-on.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const one = (queue: MemoryQueue, id = 1) => queue.rows.get(id);

describe("a run", () => {
  test("works batch after batch until nothing is ready, and counts every item", async () => {
    const queue = memoryQueue({ ids: [1, 2, 3, 4, 5], batch: 2 });
    const { worker } = workerOn(queue, { process: async (item) => `done ${item.id}` });

    const report = await worker.run();

    expect(report).toMatchObject({ stage: "ssml", claimed: 5, completed: 5, failed: 0, lost: 0 });
    expect([...queue.rows.values()].map((row) => row.result)).toEqual([
      "done 1",
      "done 2",
      "done 3",
      "done 4",
      "done 5",
    ]);
  });

  test("keeps no more items in work than its concurrency", async () => {
    let inWork = 0;
    let most = 0;
    const queue = memoryQueue({ ids: [1, 2, 3, 4, 5, 6, 7, 8, 9], batch: 8 });
    const { worker } = workerOn(queue, {
      concurrency: 3,
      async process(_item, { signal }) {
        most = Math.max(most, ++inWork);
        await sleep(100, signal);
        inWork--;
        return "done";
      },
    });

    const run = worker.run();
    await vi.advanceTimersByTimeAsync(1000);

    expect(await run).toMatchObject({ completed: 9 });
    expect(most).toBe(3);
  });

  test("one item's failure does not touch the others", async () => {
    const queue = memoryQueue({ ids: [1, 2, 3] });
    const { worker } = workerOn(queue, {
      async process(item) {
        if (item.id === 2) {
          throw new StageError("video_unreadable", "fail");
        }
        return "done";
      },
    });

    expect(await worker.run()).toMatchObject({ completed: 2, failed: 1 });
    expect(one(queue, 2)).toMatchObject({ status: "failed", errorCode: "video_unreadable" });
  });

  test("retries the unforeseen up to the queue's attempts", async () => {
    const queue = memoryQueue({ ids: [1] });
    const { worker, lines } = workerOn(queue, {
      process: async () => {
        throw new TypeError("the user's secret words");
      },
    });

    expect(await worker.run()).toMatchObject({ claimed: 3, retried: 2, failed: 1 });
    expect(one(queue)).toMatchObject({ attempts: 3, errorCode: "internal_error" });
    expect(JSON.stringify(lines)).not.toContain("secret words");
  });

  test("gives the attempt back when it was not the item's fault", async () => {
    const queue = memoryQueue({ ids: [1] });
    const { worker } = workerOn(queue, {
      process: async () => {
        throw new StageError("provider_rate_limited", "defer", { retryAfterSeconds: 19.4 });
      },
    });

    expect(await worker.run()).toMatchObject({ claimed: 1, deferred: 1, retried: 0 });
    expect(one(queue)).toMatchObject({ attempts: 0, delay: { retryAfterSeconds: 19.4 } });
  });

  test("sends back what the stage before has to make anew", async () => {
    const queue = memoryQueue({ ids: [1] });
    const { worker } = workerOn(queue, {
      process: async () => {
        throw new StageError("ssml_refused", "send_back");
      },
    });

    expect(await worker.run()).toMatchObject({ claimed: 1, sent_back: 1, failed: 0 });
    expect(one(queue)?.errorCode).toBe("ssml_refused");
  });

  test("tells the next stage of each completed item and of no other", async () => {
    const woken: number[] = [];
    const queue = memoryQueue({ ids: [1, 2] });
    const { worker } = workerOn(queue, {
      async process(item) {
        if (item.id === 1) throw new StageError("ssml_invalid", "fail");
        return "done";
      },
      completed: (item) => woken.push(item.id),
    });

    await worker.run();

    expect(woken).toEqual([2]);
  });
});

describe("a database that cannot be reached", () => {
  test("at the claim is an error of the call", async () => {
    const queue = memoryQueue({ ids: [1] });
    queue.breakNext("claim");
    const { worker } = workerOn(queue, { process: async () => "done" });

    await expect(worker.run()).rejects.toThrow("connection lost");
    expect(await worker.run()).toMatchObject({ completed: 1 });
  });

  test("at completion and at failure leaves the lease to expire, and another run takes over", async () => {
    const queue = memoryQueue({ ids: [1], leaseMs: 9000 });
    queue.breakNext("complete");
    queue.breakNext("fail");
    const { worker } = workerOn(queue, { process: async () => "done" });

    expect(await worker.run()).toMatchObject({ claimed: 1, lost: 1 });
    expect(one(queue)?.status).toBe("processing");

    await vi.advanceTimersByTimeAsync(9000);
    expect(await worker.run()).toMatchObject({ claimed: 1, completed: 1 });
  });
});

describe("called again while it runs", () => {
  test("answers at once and lets the running call take the new work, lanes being free", async () => {
    const queue = memoryQueue({ ids: [1] });
    const { worker } = workerOn(queue, {
      async process(item, { signal }) {
        await sleep(item.id === 1 ? 10_000 : 10, signal);
        return "done";
      },
    });

    const first = worker.run();
    await vi.advanceTimersByTimeAsync(1000);
    queue.add(2);
    expect(await worker.run()).toMatchObject({ claimed: 0 });
    await vi.advanceTimersByTimeAsync(100);
    expect(one(queue, 2)?.status).toBe("completed");

    await vi.advanceTimersByTimeAsync(10_000);
    expect(await first).toMatchObject({ claimed: 2, completed: 2 });
  });

  test("while all lanes are busy waits for a free one, then takes the new work", async () => {
    const queue = memoryQueue({ ids: [1, 2] });
    let looks = 0;
    const { worker } = workerOn(queue, {
      concurrency: 2,
      async process(_item, { signal }) {
        await sleep(1000, signal);
        return "done";
      },
      now() {
        // A loop that never waits would never let a timer fire either.
        if (++looks > 1000) throw new Error("The worker spins.");
        return performance.now();
      },
    });

    const first = worker.run();
    await vi.advanceTimersByTimeAsync(500);
    queue.add(3);
    await worker.run();
    await vi.advanceTimersByTimeAsync(2000);

    expect(await first).toMatchObject({ claimed: 3, completed: 3 });
  });

  test("just as the queue looked empty loses no work", async () => {
    const queue = memoryQueue({ ids: [] });
    const { worker } = workerOn(queue, { process: async () => "done" });

    const first = worker.run();
    queue.add(1);
    await worker.run();

    expect((await first).completed).toBe(1);
  });
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sleep } from "../sleep.ts";
import { memoryQueue } from "../testing/memory-queue.ts";
import { workerOn } from "../testing/worker-on.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Works on what the queue gives for 100 ms each; remembers which items were held together. */
function work(ids: number[], alone: number[]) {
  const queue = memoryQueue({ ids, batch: 2 });
  for (const id of alone) queue.add(id, true);
  const inWork = new Set<number>();
  const together: string[] = [];
  const { worker } = workerOn(queue, {
    async process(item, { signal }) {
      inWork.add(item.id);
      together.push([...inWork].join());
      await sleep(100, signal);
      inWork.delete(item.id);
      return "done";
    },
  });
  return { queue, worker, together };
}

test("an item that its last worker vanished with has the worker to itself", async () => {
  const { queue, worker, together } = work([], [1]);
  queue.add(2);
  queue.add(3);

  const run = worker.run();
  await vi.advanceTimersByTimeAsync(1000);

  expect(await run).toMatchObject({ claimed: 3, completed: 3 });
  expect(together).toEqual(["1", "2", "2,3"]);
});

test("nothing is claimed beside it, even when the worker is called again", async () => {
  const { queue, worker, together } = work([], [1]);

  const run = worker.run();
  await vi.advanceTimersByTimeAsync(10);
  queue.add(2);
  await worker.run();
  await vi.advanceTimersByTimeAsync(1000);

  expect(await run).toMatchObject({ completed: 2 });
  expect(together).toEqual(["1", "2"]);
});

test("a busy worker finishes what it holds, then takes the one that has to be alone", async () => {
  const { worker, together } = work([1, 2], [3, 4]);

  const run = worker.run();
  await vi.advanceTimersByTimeAsync(1000);

  expect(await run).toMatchObject({ claimed: 4, completed: 4 });
  expect(together).toEqual(["1", "1,2", "3", "4"]);
});

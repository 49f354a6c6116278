import { describe, expect, test } from "vitest";
import { memoryQueue } from "../testing/memory-queue.ts";
import { workerOn } from "../testing/worker-on.ts";
import { ToBeContinued } from "./abort.ts";

describe("a run does no more than a hosted call may", () => {
  test("claims no more once it has claimed its items, finishes them, and asks for another run", async () => {
    const queue = memoryQueue({ ids: [1, 2, 3, 4, 5], batch: 2 });
    let calls = 0;
    const more = () => void calls++;
    const { worker } = workerOn(queue, { process: async () => "done", items: 3, more });

    expect(await worker.run()).toMatchObject({ claimed: 4, completed: 4, released: 0 });
    expect(calls).toBe(1);
    expect(await worker.run()).toMatchObject({ claimed: 1, completed: 1 });
    expect(calls).toBe(1);
  });

  test("an item whose bytes are more goes on in the next runs, no attempt of it lost", async () => {
    const queue = memoryQueue({ ids: [1] });
    let runs = 0;
    const { worker } = workerOn(queue, {
      bytes: 10,
      more: () => void runs++,
      async process(_item, { keep, mayPass }) {
        let sent = Number(queue.rows.get(1)?.progress ?? 0);
        for (; sent < 25; sent += 5) {
          if (!mayPass(5)) throw new ToBeContinued();
          await keep(sent + 5);
        }
        return "done";
      },
    });

    expect(await worker.run()).toMatchObject({ claimed: 1, released: 1 });
    expect(queue.rows.get(1)).toMatchObject({ status: "queued", attempts: 0, progress: 10 });
    await worker.run();
    expect(await worker.run()).toMatchObject({ claimed: 1, completed: 1 });
    expect(queue.rows.get(1)).toMatchObject({ status: "completed", attempts: 1 });
    expect(runs).toBe(2);
  });

  test("items side by side share the bytes", async () => {
    const queue = memoryQueue({ ids: [1, 2, 3] });
    const { worker } = workerOn(queue, {
      bytes: 10,
      async process(_item, { mayPass }) {
        if (!mayPass(5)) throw new ToBeContinued();
        return "done";
      },
    });

    expect(await worker.run()).toMatchObject({ claimed: 3, completed: 2, released: 1 });
  });
});

import type { EraseClaim } from "@sideline/contracts";
import { expect, test } from "vitest";
import { StageError } from "../_shared/errors.ts";
import { collectingLog } from "../_shared/testing/collecting-log.ts";
import { createEraser } from "./eraser.ts";
import type { ErasureQueue } from "./erasure-queue.ts";

const claim = (id: number, bucket: string, path: string): EraseClaim => ({
  id,
  bucket,
  path,
  lease_token: "c0000000-0000-4000-8000-00000000000c",
  attempt: 1,
  lease_expires_at: "2030-01-01T00:00:00Z",
  alone: false,
  user_id: "a0000000-0000-4000-8000-000000000001",
});

/** A queue of these objects, given out two at a time, and what became of each. */
function world(
  objects: EraseClaim[],
  remove: (paths: string[], signal: AbortSignal) => void | Promise<void>,
) {
  const became: Record<string, string> = {};
  const stored = new Set(objects.map(({ path }) => path));
  const waiting = [...objects];
  const shutdown = new AbortController();
  let more = 0;
  const note = (outcome: string) => async (item: EraseClaim, code: string) => {
    became[item.path] = `${outcome} ${code}`;
    return "queued" as const;
  };
  const queue: ErasureQueue = {
    claim: async () => waiting.splice(0, 2),
    async complete(items) {
      for (const { path } of items) became[path] = "completed";
      return new Set(items.map(({ id }) => id));
    },
    fail: note("failed"),
    defer: note("deferred"),
    async release(item) {
      became[item.path] = "released";
      return "queued";
    },
  };
  const eraser = createEraser({
    queue,
    storage: {
      async remove(_bucket, paths, signal) {
        await remove(paths, signal);
        for (const path of paths) stored.delete(path);
      },
    },
    files: { erase: async ({ name }) => void stored.delete(name) },
    log: collectingLog().log,
    now: () => 0,
    shutdown: shutdown.signal,
    more: () => more++,
    budgetMs: 1000,
  });
  return { eraser, became, stored, shutdown, more: () => more };
}

test("objects and the provider's copies are erased, batch after batch", async () => {
  const { eraser, became, stored } = world(
    [
      claim(1, "raw", "a/1.mp4"),
      claim(2, "gemini-files", "files/x"),
      claim(3, "processed", "a/3.wav"),
    ],
    () => {},
  );

  expect(await eraser.run()).toMatchObject({ claimed: 3, completed: 3, lost: 0 });
  expect([...stored]).toEqual([]);
  expect(Object.values(became)).toEqual(["completed", "completed", "completed"]);
});

test("an object that Storage refuses to remove does not keep the others", async () => {
  const { eraser, became } = world([claim(1, "raw", "a/1"), claim(2, "raw", "a/bad")], (paths) => {
    if (paths.includes("a/bad")) throw new StageError("internal_error", "retry");
  });

  expect(await eraser.run()).toMatchObject({ claimed: 2, completed: 1, retried: 1 });
  expect(became).toEqual({ "a/1": "completed", "a/bad": "failed internal_error" });
});

test("while Storage is away all of it waits", async () => {
  let calls = 0;
  const { eraser, became } = world([claim(1, "raw", "a/1"), claim(2, "raw", "a/2")], () => {
    calls += 1;
    throw new StageError("internal_error", "defer");
  });

  expect(await eraser.run()).toMatchObject({ claimed: 2, deferred: 2 });
  expect(calls).toBe(1);
  expect(became["a/2"]).toBe("deferred internal_error");
});

test("told to stop, it gives back what it has not erased", async () => {
  const { eraser, became, shutdown } = world(
    [claim(1, "raw", "a/1"), claim(2, "raw", "a/2"), claim(3, "raw", "a/3")],
    () => {
      shutdown.abort(new Error("stop"));
      throw new Error("aborted");
    },
  );

  expect(await eraser.run()).toMatchObject({ claimed: 2, released: 2 });
  expect(became).toEqual({ "a/1": "released", "a/2": "released" });
});

test("a removal ends with its lease, for the object may have a name again", async () => {
  const lease_expires_at = new Date(Date.now() + 100).toISOString();
  const objects = [claim(1, "raw", "a/1"), claim(2, "raw", "a/2")];
  let calls = 0;
  const { eraser, stored } = world(
    objects.map((object) => ({ ...object, lease_expires_at })),
    async (_paths, signal) => {
      calls += 1;
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    },
  );

  expect(await eraser.run()).toMatchObject({ claimed: 2, completed: 0, stale: 2 });
  expect(calls).toBe(1);
  expect(stored.size).toBe(2);
});

test("a run takes a bounded part, and wakes the next", async () => {
  const many = Array.from({ length: 100 }, (_, id) => claim(id, "raw", `a/${id}`));
  const { eraser, more } = world(many, () => {});

  expect(await eraser.run()).toMatchObject({ claimed: 80, completed: 80 });
  expect(more()).toBe(1);
});

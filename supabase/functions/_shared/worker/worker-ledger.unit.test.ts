import { expect, test } from "vitest";
import { StageError } from "../errors.ts";
import { memoryQueue } from "../testing/memory-queue.ts";
import { workerOn } from "../testing/worker-on.ts";
import type { Attempt } from "./attempt.ts";

const call = {
  ...{ provider: "gemini", model: "model-1", ms: 9, request_hash: "a".repeat(64) },
  ...{ answer: "yes", refused: null },
};

/** Works on one item. */
async function workOn(process: (attempt: Attempt) => Promise<string>, unwritten = false) {
  const queue = memoryQueue({ ids: [1] });
  if (unwritten) queue.breakNext("recordCall");
  const { worker, lines } = workerOn(queue, { process: (_item, attempt) => process(attempt) });
  await worker.run();
  return { row: queue.rows.get(1), lines };
}

test("a result says whether a provider was asked for it", async () => {
  const asking = await workOn(async ({ ledger }) => {
    ledger.asking();
    return "done";
  });
  const silent = await workOn(async () => "done");

  expect([asking.row?.asked, silent.row?.asked]).toEqual([true, false]);
});

test("and so does a failure", async () => {
  const fails = async () => {
    throw new StageError("ssml_invalid", "fail");
  };
  const asking = await workOn(({ ledger }) => {
    ledger.asking();
    return fails();
  });

  expect([asking.row?.asked, (await workOn(fails)).row?.asked]).toEqual([true, false]);
});

test("what one attempt was answered the next one finds", async () => {
  const found: unknown[] = [];

  await workOn(async ({ ledger }) => {
    found.push(await ledger.find(call.request_hash));
    await ledger.record(call);
    if (found.length < 3) throw new StageError("internal_error", "retry");
    return "done";
  });

  expect(found).toEqual([null, "yes", "yes"]);
});

test("a call that cannot be written down is logged, and its answer is used", async () => {
  const { row, lines } = await workOn(async ({ ledger }) => {
    await ledger.record(call);
    return "done";
  }, true);

  expect(row?.status).toBe("completed");
  expect(lines).toContainEqual(
    expect.objectContaining({ event: "call.not_recorded", level: "error", model: "model-1" }),
  );
});

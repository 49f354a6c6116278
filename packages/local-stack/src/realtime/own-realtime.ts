import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startStack } from "../stack.ts";
import { undoList } from "../undo-list.ts";
import { openTestRealtime, type TestRealtime } from "./test-realtime.ts";

/** For tests that would disturb every other: a stack of their own. */
export interface OwnRealtime {
  place: TestRealtime;
  /** Of the stack. */
  directory: string;
  close(): Promise<void>;
}

export async function startOwnRealtime(): Promise<OwnRealtime> {
  const undo = undoList();
  try {
    const directory = await mkdtemp(path.join(tmpdir(), "sideline-realtime-"));
    undo.add(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
    const stack = await startStack({
      dir: directory,
      port: 0,
      dbPort: 0,
      durable: false,
      cron: false,
      prewarm: false,
      providers: "environment",
    });
    undo.add(() => stack.stop());
    const place = openTestRealtime(stack);
    undo.add(async () => place[Symbol.asyncDispose]());
    return { place, directory, close: () => undo.run() };
  } catch (error) {
    await undo.run().catch(() => {});
    throw error;
  }
}

import { startTemporaryStack } from "../temporary-stack.ts";
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
    const stack = await startTemporaryStack({
      cron: false,
      prewarm: false,
      providers: "environment",
    });
    undo.add(() => stack.stop());
    const place = openTestRealtime(stack);
    undo.add(async () => place[Symbol.asyncDispose]());
    return { place, directory: stack.dir, close: () => undo.run() };
  } catch (error) {
    await undo.run().catch(() => {});
    throw error;
  }
}

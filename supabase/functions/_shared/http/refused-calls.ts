import type { DatabaseClient } from "@sideline/database";
import { createBatch } from "../batch.ts";
import { describeError } from "../errors.ts";
import type { Log } from "../log.ts";
import { callPipeline } from "../pipeline-call.ts";

/** Tells the audit log of calls that were refused, one row for all of five seconds. */
export function refusedCalls(options: {
  functionName: string;
  database: DatabaseClient;
  background(task: Promise<unknown>): void;
  log: Log;
}): (code: string) => void {
  const { functionName, database, background, log } = options;
  return createBatch<string>({
    async send(codes) {
      const code = [...new Set(codes)].join(" ");
      const args = { function_name: functionName, code, calls: codes.length };
      await callPipeline(database, "log_refused_calls", args);
    },
    onLost: (error) => log.warn("refused_calls.lost", describeError(error)),
    background,
    waitMs: 5000,
    most: 10_000,
  });
}

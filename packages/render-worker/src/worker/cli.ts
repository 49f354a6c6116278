/**
 * `node packages/render-worker/src/worker/cli.ts`: works stage `render` until it is told to stop.
 * As many of them as one likes, on as many machines. `--once` ends when nothing is ready;
 * `--until-stdin-ends` also ends with whoever started it.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createDatabaseClient } from "@sideline/database";
import { describeError, Interrupted } from "../../../../supabase/functions/_shared/errors.ts";
import { createLog } from "../../../../supabase/functions/_shared/log.ts";
import { recordedStorage } from "../../../../supabase/functions/_shared/recorded-storage.ts";
import { createStorage } from "../../../../supabase/functions/_shared/storage.ts";
import { hasEncoder } from "./compositor-process.ts";
import { type Environment, parseEnvironment } from "./environment.ts";
import { renderQueue } from "./queue.ts";
import { removeLeftovers } from "./temporary.ts";
import { workOnce } from "./work.ts";

const name = "render-worker";

class ShuttingDown extends Interrupted {
  override name = "ShuttingDown";
}

const { values } = parseArgs({
  options: { once: { type: "boolean" }, "until-stdin-ends": { type: "boolean" } },
});
const stop = new AbortController();
const onStop = () => stop.abort(new ShuttingDown());
for (const told of ["SIGTERM", "SIGINT"] as const) process.once(told, onStop);
if (values["until-stdin-ends"]) process.stdin.resume().once("end", onStop).once("error", onStop);

try {
  await run(parseEnvironment(process.env), stop.signal);
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

async function run(environment: Environment, shutdown: AbortSignal): Promise<void> {
  if (!hasEncoder()) {
    throw new Error(
      `There is no video encoder for ${process.platform} on ${process.arch}: "npm install" brings one for Linux and macOS, x64 and arm64.`,
    );
  }
  await removeLeftovers();
  const { url, secretKey, memoryBytes, renderMs, pollMs } = environment;
  const log = createLog({
    write: (line) => console.log(line),
    now: () => new Date(),
    secrets: [secretKey],
  }).with({ function: name });
  const client = createDatabaseClient(url, { key: secretKey });
  const pending = new Set<Promise<unknown>>();
  const storage = recordedStorage(createStorage({ url, secretKey, fetch }), {
    functionName: name,
    database: client,
    background: (task) => pending.add(task.finally(() => pending.delete(task))),
    log,
    now: () => performance.now(),
  });
  const deps = {
    queue: renderQueue(client),
    storage,
    log,
    shutdown,
    bounds: { memoryBytes, renderMs },
  };
  log.info("worker.started");
  while (!shutdown.aborted) {
    const worked = await workOnce(deps).catch((error: unknown) => {
      log.error("claim.failed", describeError(error));
      return false;
    });
    if (values.once && !worked) break;
    if (!worked) await sleep(pollMs, undefined, { signal: shutdown }).catch(() => undefined);
  }
  await Promise.all(pending);
  log.info("worker.stopped");
}

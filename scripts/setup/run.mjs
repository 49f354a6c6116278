// @ts-check
/**
 * Runs a TypeScript file of this repository, first making sure that it can run:
 * `node scripts/setup/run.mjs <file.ts> [arguments]`, which is what every `npm run …` here does.
 *
 * It needs nothing but Node 20 and npm. It installs dependencies where they are missing or stale,
 * fetches a newer Node aside where the found one cannot run TypeScript, repairs what blocked
 * install scripts left undone, and then hands over. When all is in place, that costs a few
 * milliseconds.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ensureDependencies } from "./dependencies.mjs";
import { followNpm } from "./follow-npm.mjs";
import { launch, signals } from "./launch.mjs";
import { withLock } from "./lock.mjs";
import { ensureNode } from "./node-runtime.mjs";
import { noPermission } from "./npm.mjs";
import { root } from "./root.mjs";
import { unsupportedReason } from "./supported.mjs";

// `exit` handlers stop npm and give the lock back; a signal alone would skip them.
const interrupt = (/** @type {NodeJS.Signals} */ _name, /** @type {number} */ number) =>
  process.exit(128 + number);

const [script, ...scriptArguments] = process.argv.slice(2);

for (const signal of signals) process.on(signal, interrupt);
followNpm(() => process.kill(process.pid, "SIGTERM"));
try {
  if (!script) throw new Error("Usage: node scripts/setup/run.mjs <file.ts> [arguments]");
  const reason = unsupportedReason();
  if (reason) throw new Error(reason);

  const lock = () => {
    mkdirSync(join(root, ".local"), { recursive: true });
    return join(root, ".local", "setup.lock");
  };
  await ensureDependencies((install) => withLock(lock(), install));
  const node = await ensureNode((install) => withLock(lock(), install));
  for (const signal of signals) process.off(signal, interrupt);
  process.exitCode = await launch(node, join(root, script), scriptArguments);
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
}

/** @param {unknown} error */
function sentenceOf(error) {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  return code === "EACCES" || code === "EROFS" ? noPermission : error.message;
}

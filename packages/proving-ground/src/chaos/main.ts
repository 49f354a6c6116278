/**
 * `npm run chaos`: the real functions, database and storage, shaken as `plan.ts` says, then judged.
 */
import { constants } from "node:os";
import { type ChaosOptions, parseOptions, UsageError, usage } from "./options.ts";
import { fullPlan } from "./plan.ts";
import { describeOutcome } from "./report.ts";
import { runChaos } from "./run-chaos.ts";
import type { World } from "./world/world.ts";

// The Realtime client keeps a timer for ten seconds after it has disconnected.
process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
    if (!options.help) return await chaos(options);
    console.log(usage);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return 2;
  }
}

async function chaos(options: ChaosOptions): Promise<number> {
  const say = options.json ? console.error : console.log;
  say(`Seed ${options.seed}, ${options.kills} kills.`);
  const running: { world: World | null } = { world: null };
  // Before the stack is up there is nothing to stop: what it started ends with this process.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, async () => {
      say("Stopped.");
      await running.world?.close().catch(() => {});
      process.exit(128 + constants.signals[signal]);
    });
  }
  const outcome = await runChaos(fullPlan(options), say, (world) => {
    running.world = world;
  });
  say(`\n${describeOutcome(outcome)}`);
  if (options.json) console.log(JSON.stringify(outcome));
  return outcome.kept ? 0 : 1;
}

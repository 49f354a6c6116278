/**
 * `npm run chaos`: the real functions, database and storage, shaken as `plan.ts` says, then judged.
 */
import { benchProgram } from "../bench/program.ts";
import { fullPlan } from "./plan.ts";
import { conclusion, tablesOf } from "./report.ts";
import { runChaos } from "./run-chaos.ts";

await benchProgram({
  name: "chaos",
  about: `Works a queue through the real functions, database and storage while it kills, stops, starves and
deceives them; then looks whether every promise was kept. CHAOS_LOG=FILE gets what functions and
stack log meanwhile.`,
  numbers: {
    kills: { value: 200, least: 0, about: "kills of a function in the middle of its work" },
    minutes: { value: 8, least: 0, about: "faults begin within this time" },
    seed: { value: Date.now() % 1_000_000, least: 0, about: "the same faults in the same order" },
  },
  async measure({ say, track }, numbers) {
    say(`Seed ${numbers.seed}, ${numbers.kills} kills.`);
    const plan = fullPlan({ ...numbers, log: process.env.CHAOS_LOG ?? null });
    const outcome = await runChaos(plan, say, (world) => track(world.close));
    return {
      conditions: [conclusion(outcome)],
      tables: tablesOf(outcome),
      data: outcome,
      faults: outcome.findings.filter(({ kept }) => !kept).length,
    };
  },
});
// The Realtime client keeps a timer for ten seconds after it has disconnected.
process.exit();

import { setTimeout as sleep } from "node:timers/promises";
import type { Stage } from "@sideline/contracts";
import type { Random } from "../random.ts";
import { stagesInRecovery } from "../world/recovery.ts";
import type { PipelineRule } from "../world/wire.ts";
import type { World } from "../world/world.ts";
import type { Injector, InjectorFactory } from "./injector.ts";

const stages: readonly Stage[] = ["analysis", "ssml", "audio"];
/** In the middle of an item, or at a call of `complete`: before it, after it, or while it is held up. */
const moments = ["mid-item", "mid-item", "before commit", "after commit", "zombie"] as const;
type Moment = Exclude<(typeof moments)[number], "mid-item">;

const patienceMs = 1_500;
/** After the end of its lease an item is claimed again within two seconds. */
const zombieDelaySeconds = 2.5;

/** Kills again and again, whether or not the last one has been got over. */
export const killFunction: InjectorFactory = (world, random) => killer(world, random, false);

/** Kills a function only once all that it held the last time has been taken up again, and done. */
export const killOneAtATime: InjectorFactory = (world, random) => killer(world, random, true);

/**
 * Kills the process of a function that holds items. At a `complete` it dies between the provider's
 * answer and the commit; or after the commit, before it has heard of it; or its call is held up on
 * the way until its lease has passed to another worker, as a zombie's would be.
 */
function killer(world: World, random: Random, oneAtATime: boolean): Injector {
  const { wire, ledger, processes } = world;
  const counts: Record<string, number> = {
    kills: 0,
    "kills before commit": 0,
    "kills after commit": 0,
    "kills of zombies": 0,
  };
  let ambush: { stage: Stage; moment: Moment; sprung(): void } | null = null;

  function kill(stage: Stage): boolean {
    if (processes.kill(stage) === 0) return false;
    ledger.orphan(stage, Date.now());
    counts.kills = (counts.kills ?? 0) + 1;
    return true;
  }

  const lieInWait: PipelineRule = async (call, proceed) => {
    if (ambush === null || call.verb !== "complete" || call.stage !== ambush.stage) {
      return await proceed();
    }
    const { moment, sprung } = ambush;
    ambush = null;
    if (moment === "after commit") await proceed();
    const killed = kill(call.stage);
    sprung();
    if (moment === "zombie") {
      await sleep((ledger.leaseSeconds + zombieDelaySeconds) * 1000);
      await proceed().catch(() => {});
    }
    const name = moment === "zombie" ? "kills of zombies" : `kills ${moment}`;
    if (killed) counts[name] = (counts[name] ?? 0) + 1;
    return "cut";
  };
  wire.addRule(lieInWait);

  async function someoneBusy(): Promise<Stage | null> {
    const spared = oneAtATime ? await stagesInRecovery(world) : [];
    const possible = stages.filter((stage) => !spared.includes(stage));
    if (possible.length === 0) return null;
    const wanted = random.pick(possible);
    for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(10)) {
      if (ledger.held(wanted).length > 0) return wanted;
    }
    return possible.find((stage) => ledger.held(stage).length > 0) ?? null;
  }

  return {
    name: "kill-function",
    every: [100, 900],
    async strike() {
      const moment = random.pick(moments);
      const stage = await someoneBusy();
      if (stage === null) return;
      if (moment === "mid-item") {
        await sleep(random.between(0, 150));
      } else {
        const { promise, resolve } = Promise.withResolvers<boolean>();
        ambush = { stage, moment, sprung: () => resolve(true) };
        const tooLong = sleep(patienceMs, false, { ref: false });
        const isSprung = await Promise.race([promise, tooLong]);
        ambush = null;
        if (isSprung) return;
      }
      if (ledger.held(stage).length > 0) kill(stage);
    },
    counts: () => counts,
  };
}

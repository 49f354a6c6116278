import { setTimeout as sleep } from "node:timers/promises";
import type { Stage } from "@sideline/contracts";
import { judgeAudio } from "./judge/audio.ts";
import { judgeCauses } from "./judge/causes.ts";
import type { Finding } from "./judge/finding.ts";
import {
  countItems,
  countOpen,
  judgeNoneLost,
  judgeNoneTwice,
  judgeSegments,
} from "./judge/items.ts";
import { judgePoison } from "./judge/poison.ts";
import { watchRecordings } from "./judge/realtime.ts";
import { judgeRecoveries } from "./judge/recovery.ts";
import type { Outcome } from "./outcome.ts";
import { type Plan, plannedKills } from "./plan.ts";
import { seededRandom } from "./random.ts";
import { runStorm } from "./storm.ts";
import { createLoad, type Load } from "./world/load.ts";
import { findRecoveries } from "./world/recovery.ts";
import { hurry } from "./world/settings.ts";
import { openWorld, type World } from "./world/world.ts";

/** On a busy machine too. */
const calmMs = 120_000;
const drainMs = 240_000;
const progressMs = 5_000;

/**
 * Opens a world, shakes it as planned, lets it settle, and judges what is left of it.
 * @param onWorld told the world, for who has to close it in a hurry
 */
export async function runChaos(
  plan: Plan,
  say: (line: string) => void,
  onWorld: (world: World) => void = () => {},
): Promise<Outcome> {
  const random = seededRandom(plan.seed);
  say("Starting a stack…");
  const world = await openWorld(plan.owners, plan.log);
  onWorld(world);
  try {
    const load = createLoad(world, random.branch("load"));
    const [owner] = world.owners;
    if (owner === undefined) throw new Error("A run needs an owner.");
    const watch = await watchRecordings(owner);

    say("A calm recording, to know what the clip gives…");
    await load.addOne();
    const remarks = await remarksOfCalmRun(world);

    const kinds = [...new Set(plan.storms.flatMap(({ injectors }) => injectors))];
    const made = new Map(
      kinds.map((make, index) => [make, make(world, random.branch(`${index}`))]),
    );
    let early = 0;
    const injected = (): Record<string, number> => {
      const counts: Record<string, number> = { kills: early };
      for (const injector of made.values()) {
        for (const [what, times] of Object.entries(injector.counts())) {
          counts[what] = (counts[what] ?? 0) + times;
        }
      }
      return counts;
    };
    const progress = setInterval(() => void sayProgress(world, load, injected(), say), progressMs);
    load.keepBusy(plan.backlog);
    if (plan.withDefaultLeases) early = await killUnderDefaultLeases(world);
    await hurry(world, plan);
    for (const storm of plan.storms) {
      say(`Storm: ${storm.name}, ${storm.kills} kills…`);
      world.ledger.timesRecoveries = storm.timesRecoveries;
      const before = injected().kills ?? 0;
      const injectors = storm.injectors.flatMap((make) => made.get(make) ?? []);
      const isEnough = () => (injected().kills ?? 0) - before >= storm.kills;
      await runStorm({ ...storm, injectors, isEnough }, random.branch(storm.name));
      if (storm.timesRecoveries) await recovered(world);
    }
    say("The storm is over; waiting for the work to settle…");
    await load.stop();
    const news = await watch.judge(load.addOne);
    const calm = await drained(world, drainMs);
    clearInterval(progress);
    await watch.stop();

    say("Judging…");
    const done = injected();
    const items = await countItems(world.sql);
    const { recoveries, findings: ofRecoveries } = await judgeRecoveries(world, plan.graceSeconds);
    const findings = [
      madeItsKills(plan, done),
      calm,
      ...(await judgeNoneLost(world.sql, load.added)),
      ...(await judgeNoneTwice(world.sql, remarks)),
      ...(await judgeSegments(world.sql)),
      ...(await judgePoison(world.sql)),
      await judgeAudio(world),
      judgeCauses(items, done),
      ...ofRecoveries,
      news,
    ];
    return {
      seed: plan.seed,
      kept: findings.every(({ kept }) => kept),
      findings,
      injected: done,
      recoveries,
      claims: world.ledger.claims,
      staleWrites: await countStaleWrites(world),
      recordings: load.added,
      audioFiles: await countAudioFiles(world),
      items,
    };
  } finally {
    await world.close();
  }
}

/** Under the settings as they are delivered: each function is killed once while it holds items. */
async function killUnderDefaultLeases({ ledger, processes }: World): Promise<number> {
  let kills = 0;
  for (const stage of ["analysis", "ssml", "audio"] as const satisfies Stage[]) {
    while (ledger.held(stage).length === 0) await sleep(10);
    if (processes.kill(stage) === 0) continue;
    ledger.orphan(stage, Date.now());
    kills += 1;
  }
  return kills;
}

/** Waits until nothing is left to be done, a minute of grace for each hanging provider included. */
async function drained({ sql, wire }: World, withinMs: number): Promise<Finding> {
  const ends = Date.now() + withinMs;
  let open = 1;
  while ((open > 0 || wire.open > 0) && Date.now() < ends) {
    await sleep(200);
    open = await countOpen(sql).catch(() => 1);
    const [waiting] = await sql<{ uploads: number }>`
      select count(*)::int as uploads from public.video_recordings
      where upload_status <> 'completed'`;
    open += waiting?.uploads ?? 1;
  }
  const kept = open === 0 && wire.open === 0;
  const detail = kept ? "" : `${open} items and ${wire.open} calls are open`;
  return { promise: "the work comes to its end, and every call is answered", kept, detail };
}

/** Waits, at most as long as a default lease may take, until what was orphaned has been taken up. */
async function recovered(world: World): Promise<void> {
  const { orphans } = world.ledger;
  for (const ends = Date.now() + 70_000; Date.now() < ends; await sleep(200)) {
    const found = await findRecoveries(world, orphans);
    if (orphans.every(({ token }) => found.has(token))) return;
  }
}

function madeItsKills(plan: Plan, done: Record<string, number>): Finding {
  const kills = plannedKills(plan);
  const kept = (done.kills ?? 0) >= kills;
  return {
    promise: `the run has made its ${kills} kills`,
    kept,
    detail: kept ? "" : `only ${done.kills ?? 0} in its time`,
  };
}

async function sayProgress(
  { sql, ledger }: World,
  load: Load,
  done: Record<string, number>,
  say: (line: string) => void,
): Promise<void> {
  const open = await countOpen(sql).catch(() => "?");
  say(
    `  ${done.kills ?? 0} kills, ${done["Postgres restarts"] ?? 0} restarts of Postgres, ` +
      `${load.added} recordings, ${ledger.claims} claims, ${open} items open`,
  );
}

/** @throws Error where a recording does not come to its end although nobody disturbs it */
async function remarksOfCalmRun(world: World): Promise<number> {
  const { kept, detail } = await drained(world, calmMs);
  const [found] = await world.sql<{ n: number }>`
    select count(*)::int as n from public.analysis_feedback where audio_status = 'completed'`;
  if (kept && found !== undefined && found.n > 0) return found.n;
  const last = world.logged.slice(-10).join("\n");
  throw new Error(
    `The calm recording did not come to its end: ${detail || "no feedback"}.\n${last}`,
  );
}

async function countAudioFiles({ sql }: World): Promise<number> {
  const [found] = await sql<{ n: number }>`
    select count(*)::int as n from public.analysis_audio_segments`;
  return found?.n ?? 0;
}

async function countStaleWrites({ sql, ledger }: World): Promise<Outcome["staleWrites"]> {
  const [found] = await sql<{ n: number }>`
    select count(*)::int as n
    from unnest(${[...ledger.staleTokens]}::uuid[]) as refused (token)
    where exists (
      select from chaos.leases as l where l.token = refused.token and l.status = 'completed'
    )`;
  return { refused: ledger.staleTokens.length, repeated: found?.n ?? 0 };
}

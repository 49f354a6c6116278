import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../connect.ts";
import { type Spread, spreadOf } from "../spread.ts";
import { startPipelineStack } from "./bench-pipeline-stack.ts";
import { remarks } from "./instant-providers.ts";
import { signUp, type Uploader } from "./recording.ts";
import { startRelay } from "./relay.ts";

/** Milliseconds until the last audio, by who begins the work. */
export interface Latency {
  /** The app calls `ai-analyze-video` once its upload is complete. */
  called: number[];
  /** Nobody calls: the scheduler's next tick finds it. */
  silent: number[];
}

export interface Throughput {
  atOnce: number;
  /** Audio segments' feedback a second, of each repeat. */
  perSecond: number[];
  spread: Spread;
}

export interface CronAlone {
  /** Milliseconds from ready to claimed, of every item of every stage. */
  waits: { stage: string; ms: number }[];
}

const firstWaits = `
  select p.stage, extract(epoch from p.started_at - p.queued_at)::float8 * 1000 as ms
  from public.processing_timeline as p
  where p.step is null and p.attempt = 1 and p.queued_at is not null`;

type Say = (line: string) => void;

/** With cron and pings, as in production. */
export async function measurePipeline(
  options: { runs: number; repeats: number; crowds: number[] },
  track: (stop: () => Promise<void>) => void,
  say: Say,
): Promise<{ latency: Latency; throughput: Throughput[] }> {
  const stack = await startPipelineStack(track);
  const uploader = await signUp(stack);
  try {
    await warmUp(uploader, say);
    const latency: Latency = { called: [], silent: [] };
    for (let run = 1; run <= options.runs; run++) {
      latency.called.push(await once(uploader, false));
      latency.silent.push(await once(uploader, true));
      say(`latency ${run}/${options.runs}`);
    }
    const throughput = options.crowds.map((atOnce) => ({ atOnce, perSecond: [0].slice(1) }));
    for (let repeat = 1; repeat <= options.repeats; repeat++) {
      for (const { atOnce, perSecond } of throughput) {
        const videos = await uploadMany(uploader, atOnce);
        const ms = await uploader.finish(videos, { silently: false });
        perSecond.push((atOnce * remarks * 1000) / ms);
      }
      say(`throughput ${repeat}/${options.repeats}`);
    }
    return {
      latency,
      throughput: throughput.map((one) => ({ ...one, spread: spreadOf(one.perSecond) })),
    };
  } finally {
    await uploader.close();
    await stack.stop();
  }
}

/** Pings lost on the way, then nothing to do at all. */
export async function measureCronAlone(
  options: { runs: number; idleSeconds: number },
  track: (stop: () => Promise<void>) => void,
  say: Say,
): Promise<{ cronAlone: CronAlone; idleCalls: number }> {
  const [pings, cron] = await Promise.all([
    startRelay({ dropsCalls: true }),
    startRelay({ dropsCalls: false }),
  ]);
  for (const { gate } of [pings, cron]) track(gate.stop);
  // Functions reach everything through an address at which no other function answers.
  const stack = await startPipelineStack(track, { SUPABASE_URL: pings.gate.url });
  for (const { gate } of [pings, cron]) gate.target = stack.apiUrl;
  await callThrough(cron.gate.url, stack.adminDbUrl);
  const uploader = await signUp(stack);
  const db = await connect(stack.adminDbUrl);
  try {
    for (let run = 1; run <= options.runs; run++) {
      await once(uploader, true);
      say(`cron alone ${run}/${options.runs}`);
    }
    const { rows: waits } = await db.query<{ stage: string; ms: number }>(firstWaits);
    // The last wake-up may still be on its way.
    await sleep(2_000);
    const before = cron.calls + pings.calls;
    say(`idle for ${options.idleSeconds} s`);
    await sleep(options.idleSeconds * 1_000);
    return { cronAlone: { waits }, idleCalls: cron.calls + pings.calls - before };
  } finally {
    await db.end();
    await uploader.close();
    await stack.stop();
    await Promise.all([pings, cron].map(({ gate }) => gate.stop()));
  }
}

async function once(uploader: Uploader, silently: boolean): Promise<number> {
  return await uploader.finish([await uploader.upload()], { silently });
}

/** Isolates are started and compile their code with their first call. */
async function warmUp(uploader: Uploader, say: Say): Promise<void> {
  say("warming up");
  for (let run = 0; run < 3; run++) await once(uploader, false);
}

async function uploadMany(uploader: Uploader, count: number): Promise<string[]> {
  const videos: string[] = [];
  for (let n = 0; n < count; n++) videos.push(await uploader.upload());
  return videos;
}

/** Where the scheduler finds the functions is a secret of the Vault, on every platform. */
async function callThrough(url: string, adminDbUrl: string): Promise<void> {
  const client = await connect(adminDbUrl);
  await client.query(
    `select vault.update_secret(s.id, $1) from vault.secrets as s
     where s.name = 'sideline_project_url'`,
    [url],
  );
  await client.end();
}

import type pg from "pg";
import type { Fate, Item } from "./workers.ts";

/** Who is beside the bystander. */
const noisy = "00000000-0000-4000-8000-000000000001";
export const bystander = "00000000-0000-4000-8000-000000000002";

export interface Scene {
  name: string;
  /** Once, before the first upload; with triggers and foreign keys off. */
  load?(admin: pg.Client, size: number): Promise<void>;
  /** Of its load, in the full run. */
  size: number;
  /** Before each upload. */
  stir?(admin: pg.Client): Promise<void>;
  fateOf(item: Item): Fate;
}

const completesAll = (): Fate => "complete";

/** For the noisy owner's items of stage `ssml`. */
const forNoisy =
  (fate: Fate) =>
  ({ stage, user_id }: Item): Fate =>
    stage === "ssml" && user_id === noisy ? fate : "complete";

export const scenes: Scene[] = [
  { name: "nobody", size: 0, fateOf: completesAll },
  { name: "awaited uploads", size: 400_000, load: awaitUploads, fateOf: completesAll },
  { name: "queued items", size: 100_000, load: queueItems, fateOf: completesAll },
  {
    name: "a poison item among 20, each time",
    size: 0,
    stir: addPoison,
    fateOf: ({ message }) => (message === "poison" ? "vanish" : "complete"),
  },
  {
    name: "items that the provider refuses (429)",
    size: 200,
    load: queueItems,
    fateOf: forNoisy({ defer: "provider_rate_limited", seconds: 1 }),
  },
  {
    name: "items at which the provider fails (500)",
    size: 200,
    load: queueItems,
    fateOf: forNoisy({ defer: "provider_unavailable", seconds: null }),
  },
];

/** Two owners; the noisy one with a finished analysis to hang feedback on. */
export const people = `
  insert into auth.users (id, email)
  values ('${noisy}', 'noisy@bench.test'), ('${bystander}', 'bystander@bench.test');
  set session_replication_role = replica;
  insert into public.video_recordings (id, user_id, filename, storage_path, upload_status)
  overriding system value values (-1, '${noisy}', 'clip.mp4', '${noisy}/clip.mp4', 'completed');
  insert into public.analysis_jobs (id, video_recording_id, user_id, status, attempts, coach)
  overriding system value values (-1, -1, '${noisy}', 'completed', 1, '{}');
  reset session_replication_role;
  -- Leases end soon enough to be seen, and no quota ends the run.
  update pipeline.stages set lease_seconds = 3, daily_attempts_per_user = null;`;

async function awaitUploads(admin: pg.Client, size: number): Promise<void> {
  await admin.query(
    `insert into public.video_recordings (id, user_id, filename, storage_path)
     overriding system value
     select -1 - n, $2::text::uuid, 'clip.mp4', $2::text || '/' || n || '.mp4' from generate_series(1, $1::int) as n`,
    [size, noisy],
  );
  await queue(admin, "upload", "-1 - n", size);
}

async function queueItems(admin: pg.Client, size: number): Promise<void> {
  await admin.query(
    `insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds,
       end_seconds, category, severity, confidence, message)
     overriding system value
     select -n, -1, $2::uuid, 1, 2, 'motion', 'low', 0.5, 'Hello' from generate_series(1, $1::int) as n`,
    [size, noisy],
  );
  await queue(admin, "ssml", "-n", size);
}

async function queue(admin: pg.Client, stage: string, id: string, size: number): Promise<void> {
  await admin.query(
    `insert into pipeline.tasks (stage, subject_id, user_id, turn, available_at)
     select $2::text, ${id}, $3::uuid, n, pipeline.now() from generate_series(1, $1::int) as n`,
    [size, stage, noisy],
  );
}

/** In place of the last one: under leases this short several would come again all the time. */
async function addPoison(admin: pg.Client): Promise<void> {
  await admin.query("delete from public.analysis_feedback where analysis_job_id = -1");
  await admin.query(
    `insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
       category, severity, confidence, message)
     select -1, $1::uuid, 1, 2, 'motion', 'low', 0.5, case n when 10 then 'poison' else 'Hello' end
     from generate_series(0, 20) as n order by n`,
    [noisy],
  );
}

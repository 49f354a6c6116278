import { stageResults } from "@sideline/proving-ground/testing";
import pg from "pg";
import { fillRecords } from "./test-records.ts";

/** What goes with a stage: its settings, and what hangs on them. */
const settings = new Set(["pipeline.stages", "pipeline.stage_clocks", "pipeline.user_quotas"]);

/** Rows of each table by `schema.table`, in any order that stays the same. */
export type Rows = Map<string, Record<string, unknown>[]>;

/** The project's own schemas, and those tables of the platform that hold users' data. */
const readTablesSql = `
  select format('%I.%I', n.nspname, c.relname) as name
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and (
      n.nspname in ('public', 'pipeline')
      or format('%I.%I', n.nspname, c.relname)
        in ('auth.users', 'storage.buckets', 'storage.objects', 'vault.secrets')
    )
  order by 1`;

export async function readRows(client: pg.Client): Promise<Rows> {
  const { rows: tables } = await client.query<{ name: string }>(readTablesSql);
  const all: Rows = new Map();
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${name} as t order by to_jsonb(t)::text`,
    );
    all.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return all;
}

/**
 * `before` as far as `after` still has tables, columns and stages for it: what an undo takes away
 * on purpose is left out, and all else has to be the same.
 */
export function whatRemains(before: Rows, after: Rows): Rows {
  const stages = new Set(after.get("pipeline.stages")?.map(({ stage }) => stage));
  const isGone = (table: string) => before.has(table) && !after.has(table);
  const remains: Rows = new Map();
  for (const [name, rows] of after) {
    const columns = new Set(rows.flatMap((row) => Object.keys(row)));
    const projected = (before.get(name) ?? [])
      .filter(({ stage }) => !settings.has(name) || stages.has(stage))
      .filter(
        ({ schema_name, table_name }) =>
          name !== "pipeline.retention" || !isGone(`${schema_name}.${table_name}`),
      )
      .map((row) =>
        Object.fromEntries(Object.entries(row).filter(([column]) => columns.has(column))),
      );
    // What an undo changes is logged as any other change.
    if (name === "pipeline.audit_log") {
      const known = new Set(projected.map(({ id }) => id));
      projected.push(...rows.filter(({ id }) => !known.has(id)));
    }
    remains.set(name, projected.sort(byText));
  }
  return remains;
}

export function sorted(rows: Rows): Rows {
  return new Map([...rows].map(([name, list]) => [name, [...list].sort(byText)]));
}

function byText(a: object, b: object): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * A recording taken through all stages by the functions that workers call, beside one that is
 * awaited, a user's own quota and choice of voice, files in both buckets, a bucket that is none of
 * ours, and records.
 */
export async function fillTables(client: pg.Client): Promise<void> {
  const owner = "a0000000-0000-4000-8000-000000000001";
  await client.query(`
    insert into auth.users (id, email) values ('${owner}', 'owner@example.com');
    insert into storage.buckets (id, name) values ('avatars', 'avatars');
    insert into storage.objects (bucket_id, name) values
      ('raw', '${owner}/a.mp4'), ('processed', '${owner}/a.wav'), ('avatars', '${owner}/a.png');
    select vault.create_secret('kept', 'somebody_elses_secret');
    insert into public.voice_preferences (user_id, coach_voice_id)
    select '${owner}', v.id from public.coach_voices as v where v.name = 'Morgan';
    insert into public.video_recordings (user_id, filename, storage_path, upload_status) values
      ('${owner}', 'a.mp4', '${owner}/a.mp4', 'completed'),
      ('${owner}', 'b.mp4', '${owner}/b.mp4', 'pending');
    insert into pipeline.user_quotas (user_id, stage, daily_attempts)
    values ('${owner}', 'analysis', 200);
    select pipeline.count_retry('analysis', -1)`);
  for (const stage of ["analysis", "ssml", "audio"] as const) await complete(client, stage);
  await fillRecords(client, owner);
}

async function complete(client: pg.Client, stage: keyof typeof stageResults): Promise<void> {
  const claim = pg.escapeIdentifier(`claim_${stage}`);
  const { rows } = await client.query<{ id: string; lease_token: string }>(
    `select id, lease_token from pipeline.${claim}(1)`,
  );
  const items = rows.map(({ id, lease_token }) => ({
    id: Number(id),
    lease_token,
    ...stageResults[stage],
  }));
  const done = pg.escapeIdentifier(`complete_${stage}`);
  await client.query(`select * from pipeline.${done}($1)`, [JSON.stringify(items)]);
}

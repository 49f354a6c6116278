import { insertSampleRows } from "@sideline/proving-ground/testing";
import type pg from "pg";

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

/** A user's sample rows, and what no user has: each table has a row, and Storage and Vault have others'. */
export async function fillTables(client: pg.Client): Promise<void> {
  const owner = "a0000000-0000-4000-8000-000000000001";
  await client.query(`
    insert into auth.users (id, email) values ('${owner}', 'owner@example.com');
    insert into storage.buckets (id, name) values ('avatars', 'avatars');
    insert into storage.objects (bucket_id, name) values
      ('raw', '${owner}/a.mp4'), ('processed', '${owner}/a.wav'), ('avatars', '${owner}/a.png');
    select vault.create_secret('kept', 'somebody_elses_secret')`);
  await insertSampleRows(client, owner);
  await client.query(`
    select pipeline.claim_analysis(1), pipeline.count_retry('analysis', -1);
    insert into pipeline.erasures (bucket, path, user_id, reason)
    values ('raw', '${owner}/c.mp4', '${owner}', 'row_deleted');
    insert into pipeline.failures (stage, subject_id, user_id, error_code, failed_at)
    values ('analysis', -1, '${owner}', 'provider_failed', now());
    insert into pipeline.provider_calls
      (id, stage, subject_id, user_id, attempt, provider, model, request_hash, ms)
    values (gen_random_uuid(), 'analysis', -1, '${owner}', 1, 'kept', 'kept', repeat('0', 64), 5);
    insert into pipeline.checkups (checked_at, violations, found) values (now(), 0, '{}');
    insert into pipeline.system_metrics (name, at, value) values ('kept', now(), 1);
    insert into pipeline.rate_limits (subject, count, ends_at) values ('kept', 1, now())`);
}

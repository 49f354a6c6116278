/** What an owner asks of many sessions, as the client does by the Data API. */
import type postgres from "postgres";

export interface SessionQuery {
  name: string;
  run(sql: postgres.Sql): PromiseLike<readonly unknown[]>;
  /** Indexes one of which answers it. */
  indexes: string[];
}

const pageSize = 20;

/** @param sessionId one of the owner's */
export function sessionQueries(sessionId: number, middle: Date): SessionQuery[] {
  const byTime = "sessions_user_id_updated_at_idx";
  const byStatus = "sessions_user_id_status_updated_at_idx";
  return [
    {
      name: "get",
      run: (sql) => sql`select * from public.sessions where id = ${sessionId}`,
      indexes: ["sessions_pkey", "sessions_id_user_id_key"],
    },
    {
      name: "first page",
      run: (sql) => search(sql, {}),
      indexes: [byTime],
    },
    {
      name: "page in the middle",
      run: (sql) => search(sql, { before: middle, before_id: sessionId }),
      indexes: [byTime],
    },
    {
      name: "first page of a status",
      run: (sql) => search(sql, { status: "archived" }),
      indexes: [byStatus, byTime],
    },
    {
      name: "search for a frequent category",
      run: (sql) => search(sql, { category: "c1" }),
      indexes: ["sessions_current_ir_idx", byTime],
    },
    {
      name: "search for a rare category",
      run: (sql) => search(sql, { category: "rare" }),
      indexes: ["sessions_current_ir_idx"],
    },
    {
      name: "search for a frequent word",
      run: (sql) => search(sql, { words: "word1" }),
      indexes: ["sessions_search_idx", byTime],
    },
    {
      name: "search for a rare word",
      run: (sql) => search(sql, { words: "unusual" }),
      indexes: ["sessions_search_idx"],
    },
    {
      name: "history",
      run: (sql) => sql`
        select revision, cause, diff from public.session_revisions where session_id = ${sessionId}
        order by revision desc limit ${pageSize}`,
      indexes: ["session_revisions_session_id_user_id_revision_key"],
    },
    {
      name: "drafts of one",
      run: (sql) => sql`
        select id, status, outcome from public.session_drafts where session_id = ${sessionId}
        order by created_at desc, id desc limit ${pageSize}`,
      indexes: ["session_drafts_session_id_user_id_created_at_idx"],
    },
    {
      name: "answers of one",
      run: (sql) => sql`
        select id, hole_id, value from public.hole_resolutions where session_id = ${sessionId}
        order by created_at desc, id desc limit ${pageSize}`,
      indexes: ["hole_resolutions_session_id_user_id_created_at_idx"],
    },
    {
      name: "use of its rules",
      run: (sql) => sql`
        select rule_id, remarks from public.rule_usage where session_id = ${sessionId}`,
      indexes: ["analysis_jobs_session_id_idx"],
    },
    {
      name: "summary of one",
      run: (sql) => sql`select * from public.session_summary where id = ${sessionId}`,
      indexes: ["sessions_pkey", "sessions_id_user_id_key"],
    },
    {
      name: "recent activity",
      run: (sql) => sql`select * from public.recent_activity`,
      indexes: [
        "session_revisions_user_id_created_at_idx",
        "session_drafts_user_id_created_at_idx",
        "hole_resolutions_user_id_created_at_idx",
        "sessions_pkey",
        "sessions_id_user_id_key",
      ],
    },
  ];
}

interface Filters {
  words?: string;
  category?: string;
  status?: string;
  before?: Date;
  before_id?: number;
}

function search(sql: postgres.Sql, { words, category, status, before, before_id }: Filters) {
  return sql`
    select id, title, status, updated_at from public.search_sessions(
      ${words ?? null}, ${category ?? null}, ${status ?? null}, ${before ?? null},
      ${before_id ?? null}, ${pageSize})`;
}

export interface ManySessions {
  /** Has half of them. */
  heavyUserId: string;
  /** One from the middle of the heavy owner's. */
  sessionId: number;
  middle: Date;
}

/**
 * So many sessions, half of one owner and the rest of a hundred others, with three revisions each.
 * @param admin a superuser: the triggers are left out, or it would take minutes
 */
export async function loadSessions(admin: postgres.Sql, count: number): Promise<ManySessions> {
  await admin`set session_replication_role = replica`;
  const owners = await admin<{ id: string }[]>`
    insert into auth.users (id, email)
    select gen_random_uuid(), gen_random_uuid() || '@sideline.test' from generate_series(1, 101)
    returning id`;
  const [heavy, ...others] = owners.map(({ id }) => id);
  await admin`
    insert into public.sessions
      (user_id, title, request, status, current_ir, revision, revision_count, updated_at)
    select
      case when i % 2 = 0 then ${heavy ?? ""}::uuid else (${others}::uuid[])[1 + i / 2 % 100] end,
      'Session ' || i || case when i % 5000 = 2 then ' unusual' else '' end,
      'word' || i / 2 % 20, (array['open', 'ready', 'archived'])[1 + i / 2 % 3],
      pipeline.empty_brief() || jsonb_build_object('rules', (
        select jsonb_agg(jsonb_build_object(
          'id', 'rule_' || r, 'look_for', 'Look for number ' || r, 'category',
          case when i % 5000 = 4 and r = 1 then 'rare' else 'c' || (i / 2 + r) % 40 end
        )) from generate_series(1, 3) as r
      )), 3, 3, timestamptz '2026-01-01' + i * interval '1 minute'
    from generate_series(1, ${count}::int) as i`;
  await admin`
    insert into public.session_revisions
      (session_id, user_id, revision, base_revision, ir, diff, created_at)
    select s.id, s.user_id, r, r - 1, s.current_ir, '[]', s.updated_at
    from public.sessions as s, generate_series(1, 3) as r`;
  await admin`
    insert into public.session_drafts (session_id, user_id, request, status, cost_micros)
    select s.id, s.user_id, 'x', 'queued', 100 from public.sessions as s where s.id % 4 = 0`;
  await admin`
    insert into public.hole_resolutions
      (session_id, user_id, base_revision, revision, hole_id, value, created_at)
    select s.id, s.user_id, r, r + 1, 'hole', '"x"', s.updated_at
    from public.sessions as s, generate_series(1, 2) as r where s.id % 2 = 0`;
  await addAnalyses(admin);
  await admin`set session_replication_role = origin`;
  await admin`
    vacuum analyze public.sessions, public.session_revisions, public.session_drafts,
      public.hole_resolutions, public.analysis_jobs, public.analysis_feedback`;
  const [middle] = await admin<{ id: string; updated_at: Date }[]>`
    select id, updated_at from public.sessions where user_id = ${heavy ?? ""}::uuid
    order by updated_at desc offset ${Math.floor(count / 4)} limit 1`;
  if (!heavy || !middle) throw new Error("There are too few sessions.");
  return { heavyUserId: heavy, sessionId: Number(middle.id), middle: middle.updated_at };
}

/** One analysis that followed each of some briefs, with two remarks. */
async function addAnalyses(admin: postgres.Sql): Promise<void> {
  await admin`
    insert into public.analysis_jobs
      (id, video_recording_id, user_id, coach, status, session_id, session_revision, brief)
    overriding system value
    select -s.id, -s.id, s.user_id, '{"style": "calm"}', 'completed', s.id, s.revision,
      s.current_ir
    from public.sessions as s where s.id % 2 = 0`;
  await admin`
    insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
      category, severity, confidence, message, rule_id)
    select -s.id, s.user_id, r, r + 1, 'c1', 'low', 0.5, 'x', 'rule_' || r
    from public.sessions as s, generate_series(1, 2) as r where s.id % 2 = 0`;
}

/** From here on the connection is that of a signed-in owner. */
export async function actAs(sql: postgres.Sql, userId: string): Promise<void> {
  const claims = JSON.stringify({ sub: userId, role: "authenticated" });
  await sql`select set_config('request.jwt.claims', ${claims}, false)`;
  await sql`set role authenticated`;
}

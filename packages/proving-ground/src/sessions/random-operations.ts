/** Owners at work on few sessions from many connections at once: what they do is drawn. */
import postgres from "postgres";
import { type Random, seededRandom } from "../chaos/random.ts";
import { actAs } from "./session-queries.ts";

export interface Outcome {
  /** Operations by what came of them: `done`, `nothing` (no row was met), or an SQLSTATE. */
  counts: Record<string, number>;
  /** Sessions whose counters differ from the rows that they count. */
  differences: object[];
}

export interface Plan {
  adminUrl: string;
  operations: number;
  connections: number;
  seed: number | string;
}

const users = 2;
/** Few, so that the connections meet. */
const sessionsPerUser = 3;

/** What may come of an operation: it is done, or refused for a reason that its caller is told. */
export const expectedOutcomes = new Set([
  "done",
  "nothing",
  // The session has moved on, or the revision is the current one.
  "PT409",
  // The session is gone.
  "PT404",
  "23503",
  // More drafts than one owner may have under way.
  "PT429",
]);

export async function operateAtRandom(plan: Plan): Promise<Outcome> {
  const admin = postgres(plan.adminUrl, { max: 1, onnotice: () => {} });
  try {
    const owners = await admin<{ id: string }[]>`
      insert into auth.users (id, email)
      select gen_random_uuid(), gen_random_uuid() || '@sideline.test'
      from generate_series(1, ${users}::int) returning id`;
    const counts: Record<string, number> = {};
    const random = seededRandom(plan.seed);
    let left = plan.operations;
    await Promise.all(
      Array.from({ length: plan.connections }, async (_, place) => {
        const sql = postgres(plan.adminUrl, { max: 1, onnotice: () => {} });
        try {
          const own = random.branch(String(place));
          await actAs(sql, owners[place % users]?.id ?? "");
          while (left-- > 0) {
            const came = await operate(sql, own);
            counts[came] = (counts[came] ?? 0) + 1;
          }
        } finally {
          await sql.end();
        }
      }),
    );
    return { counts, differences: await differences(admin) };
  } finally {
    await admin.end();
  }
}

type Operation = (sql: postgres.Sql, random: Random) => postgres.PendingQuery<postgres.Row[]>;

/** A session of the caller's, by its place; often the same as another connection's. */
const some = (sql: postgres.Sql, random: Random) => sql`
  select id from public.sessions order by id
  limit 1 offset ${Math.floor(random.between(0, sessionsPerUser))}`;

const begin: Operation = (sql) => sql`
  insert into public.sessions (title, request)
  select 'A serve', 'The toss' where (select count(*) from public.sessions) < ${sessionsPerUser}
  returning id`;

const write: Operation = (sql, random) => sql`
  insert into public.session_revisions (session_id, base_revision, ir)
  select id, revision, current_ir || ${sql.json({ goal: String(random.next()) })}
  from public.sessions where id = (${some(sql, random)}) returning id`;

const ask: Operation = (sql, random) => sql`
  insert into public.session_drafts (session_id)
  select id from public.sessions, generate_series(1, ${random.pick([1, 2])}::int)
  where id = (${some(sql, random)}) returning id`;

const openHole: Operation = (sql, random) => sql`
  insert into public.session_revisions (session_id, base_revision, ir)
  select id, revision, current_ir || ${sql.json({ holes: [hole] })}
  from public.sessions where id = (${some(sql, random)}) returning id`;

const answer: Operation = (sql, random) => sql`
  insert into public.hole_resolutions (session_id, base_revision, hole_id, value)
  select id, revision, 'hand', ${sql.json(random.pick(["left", "right"]))}
  from public.sessions where id = (${some(sql, random)}) and current_ir @> '{"holes": [{}]}'
  returning id`;

const deleteSome =
  (table: string): Operation =>
  (sql, random) =>
    sql`
    delete from public.${sql.unsafe(table)} where id in (
      select id from public.${sql.unsafe(table)} where session_id = (${some(sql, random)})
      order by id limit ${random.pick([1, 3])}) returning id`;

const remove: Operation = (sql, random) => sql`
  delete from public.sessions where id = (${some(sql, random)}) returning id`;

const hole = {
  id: "hand",
  type: "choice",
  question: "Which hand?",
  options: ["left", "right"],
  unit: null,
  required: true,
  default: null,
  answer: null,
};

/** By how often: much is added and some deleted, so that there is something to count. */
const operations: Operation[] = [
  ...[begin, begin, write, write, write, openHole, answer, answer, ask, ask],
  ...["session_revisions", "session_drafts", "hole_resolutions"].map(deleteSome),
  remove,
];

async function operate(sql: postgres.Sql, random: Random): Promise<string> {
  try {
    const rows = await random.pick(operations)(sql, random);
    return rows.length > 0 ? "done" : "nothing";
  } catch (error) {
    if (error instanceof postgres.PostgresError) return error.code;
    throw error;
  }
}

/** Also the brief and the number of a session are those of its latest revision. */
async function differences(admin: postgres.Sql): Promise<object[]> {
  return await admin`
    select * from (
      select s.id, s.revision_count, s.draft_count, s.hole_count,
        (select count(*)::int from public.session_revisions as r where r.session_id = s.id)
          as revisions,
        (select count(*)::int from public.session_drafts as d where d.session_id = s.id) as drafts,
        (select count(*)::int from public.hole_resolutions as h where h.session_id = s.id) as holes,
        exists (
          select from public.session_revisions as r
          where r.session_id = s.id and r.revision = s.revision and r.ir = s.current_ir
        ) as is_current
      from public.sessions as s
    ) as c
    where (revision_count, draft_count, hole_count) <> (revisions, drafts, holes) or not is_current`;
}

/**
 * Real connections against each other: workers claim, complete, fail and release while owners
 * delete recordings, change words and close their accounts. No order of things may end in an error
 * nobody expects, a deadlock among them, or in rows that break a rule.
 */
import postgres from "postgres";
import { expect, inject, test } from "vitest";
import { cloneDatabase } from "../support/clone-database.ts";
import { diceOf, pickWeighted } from "./dice.ts";
import { type Actor, actors } from "./race-actors.ts";

const roundCount = Number(process.env.RACE_ROUNDS ?? 60);

test(`${roundCount} rounds of everybody at once`, { timeout: 600_000 }, async () => {
  await using database = await cloneDatabase(inject("stack"));
  const connect = () => database.sql("admin");
  const admin = connect();
  const connections = actors.map(connect);
  // Providers fail and refuse all the time here, and workers vanish: nothing of it may end the race.
  await admin`
    update pipeline.provider_limits set failure_threshold = 1000000, longest_pause_seconds = 0.001`;
  await admin`
    update pipeline.stages set max_concurrency = 100000, max_concurrency_per_user = 100000`;
  const errors = new Map<string, number>();
  const dice = diceOf(Number(process.env.RACE_SEED ?? 1));

  for (let round = 0; round < roundCount; round += 1) {
    await admin.unsafe(`insert into auth.users (id, email)
      select gen_random_uuid(), 'racer-${round}-' || n || '@walk.test' from generate_series(1, 4) n`);
    await admin.unsafe(`insert into public.video_recordings
        (user_id, filename, storage_path, upload_status, created_at)
      select u.id, 'a', u.id || '/' || n, 'completed', now() + n * interval '1 second'
      from auth.users as u, generate_series(1, 2) as n where u.email like 'racer-${round}-%'`);
    await Promise.all(
      actors.map(async (actor, index) => {
        const sql = connections[index];
        if (!sql) return;
        for (let turn = 0; turn < actor.turns; turn += 1) {
          await act(sql, actor, dice).catch((error: unknown) => {
            if (!(error instanceof postgres.PostgresError)) throw error;
            if (actor.mayFail?.includes(error.code)) return;
            const text = `${actor.name}: ${error.code} ${error.message}`;
            errors.set(text, (errors.get(text) ?? 0) + 1);
          });
        }
      }),
    );
  }
  const violations = await admin`select rule, stage, detail from pipeline.violations limit 5`;
  const [work] = await admin`
    select count(*) filter (where audio_status = 'completed')::int as spoken,
      count(*)::int as feedback from public.analysis_feedback`;

  expect(violations).toEqual([]);
  expect([...errors]).toEqual([]);
  expect(work?.spoken).toBeGreaterThan(0);
});

/** One of the actor's statements, in the role that sends it. */
async function act(sql: postgres.Sql, actor: Actor, dice: () => number): Promise<void> {
  const text = pickWeighted(dice, actor.statements, () => 1);
  try {
    await sql.unsafe(`begin; ${actor.role}; ${text}; commit`).simple();
  } catch (error) {
    await sql.unsafe("rollback");
    throw error;
  }
}

/** Many who write on the same sessions at once. */
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type ClonedDatabase, cloneDatabase } from "../support/clone-database.ts";
import { expectedOutcomes, operateAtRandom } from "./random-operations.ts";
import { actAs } from "./session-queries.ts";

/** `SESSION_OPERATIONS=10000 npm test -- proving-ground/src/sessions` does more of them. */
const operations = Number(process.env.SESSION_OPERATIONS ?? 800);

let database: ClonedDatabase;
beforeAll(async () => {
  database = await cloneDatabase(inject("stack"));
});
afterAll(() => database?.drop());

test("counters are the counts of their rows, whatever many connections do", async () => {
  const outcome = await operateAtRandom({
    adminUrl: database.adminUrl,
    operations,
    connections: 8,
    seed: 15,
  });

  expect(outcome.differences).toEqual([]);
  expect(Object.keys(outcome.counts).filter((code) => !expectedOutcomes.has(code))).toEqual([]);
  expect(outcome.counts.done).toBeGreaterThan(operations / 3);
  expect(outcome.counts.PT409).toBeGreaterThan(0);
}, 600_000);

test("of two who write on one revision one wins, and the other is told", async () => {
  const admin = database.sql("admin");
  const [owner] = await admin<{ id: string }[]>`
    insert into auth.users (id, email) values (gen_random_uuid(), 'two@sideline.test') returning id`;
  const connect = () => postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  const first = connect();
  const writers = [first, connect()];
  try {
    for (const writer of writers) await actAs(writer, owner?.id ?? "");
    const [session] = await first<{ id: string }[]>`
      insert into public.sessions (title) values ('Serve') returning id`;
    for (let revision = 1; revision <= 20; revision += 1) {
      const outcomes = await Promise.allSettled(
        writers.map(
          (writer, place) => writer`
            insert into public.session_revisions (session_id, base_revision, ir)
            select id, ${revision}, current_ir || ${writer.json({ goal: `${revision} ${place}` })}
            from public.sessions where id = ${session?.id ?? ""}`,
        ),
      );
      expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const refused = outcomes.find((outcome) => outcome.status === "rejected");
      expect(refused?.reason).toMatchObject({
        code: "PT409",
        message: `the session is at revision ${revision + 1} by now, not at ${revision}`,
      });
    }
  } finally {
    await Promise.all(writers.map((writer) => writer.end()));
  }
});

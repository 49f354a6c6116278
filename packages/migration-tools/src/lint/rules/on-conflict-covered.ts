import { sqlOf } from "../catalogue/catalogue.ts";
import { conflictFault } from "../catalogue/conflict-target.ts";
import type { Rule } from "../rule.ts";
import { nodesIn } from "../source/ast.ts";
import { relationName } from "../source/names.ts";

const table = "create table public.jobs (id int primary key, recording_id int, state text);";
const trigger = (target: string) =>
  `create function public.enqueue() returns trigger language plpgsql as $$\nbegin\n  insert into public.jobs (recording_id) values (new.id)\n  on conflict ${target} do nothing;\n  return new;\nend\n$$;`;

export const onConflictCovered: Rule = {
  id: "on-conflict-covered",
  says: "Every `on conflict (…)` names exactly the columns of a unique index or constraint.",
  why: 'Else the insert fails when it runs ("no unique or exclusion constraint matching"), and a trigger takes every write of its table with it.',
  covers: "both",
  bad: [
    { given: table, sql: trigger("(recording_id)"), at: "on conflict" },
    {
      given: table,
      sql: `create index i on public.jobs (recording_id);\n${trigger("(recording_id)")}`,
      at: "on conflict",
    },
    {
      given: table,
      sql: `create unique index i on public.jobs (recording_id) where state = 'x';\n${trigger("(recording_id)")}`,
      at: "on conflict",
    },
    {
      given: table,
      sql: `create unique index i on public.jobs (recording_id, state);\n${trigger("(recording_id)")}`,
      at: "on conflict",
    },
    {
      given: table,
      sql: "insert into public.jobs (id) values (1) on conflict on constraint jobs_key do nothing;",
      at: "on conflict",
    },
    {
      sql: "insert into storage.objects (bucket_id, name, owner) values ('a', 'b', null) on conflict (bucket_id, name, owner) do nothing;",
      at: "on conflict",
    },
    {
      given: table,
      sql: "insert into public.jobs (id) values (1) on conflict do nothing;",
      at: "on conflict",
    },
    {
      given: `${table}\nalter table public.jobs add constraint k unique (recording_id);`,
      sql: `${trigger("(recording_id)")}\nalter table public.jobs drop constraint k;`,
      at: "on conflict",
    },
  ],
  good: [
    {
      given: table,
      sql: `alter table public.jobs add constraint jobs_recording_id_key unique (recording_id);\n${trigger("(recording_id)")}`,
    },
    {
      given: table,
      sql: `${trigger("(recording_id)")}\ncreate unique index i on public.jobs (recording_id);`,
    },
    {
      given: `${table}\ncreate unique index i on public.jobs (recording_id);`,
      sql: trigger("(recording_id)"),
    },
    {
      given: table,
      sql: `create unique index i on public.jobs (recording_id) where state = 'x';\n${trigger("(recording_id) where state = 'x'")}`,
    },
    {
      given: table,
      sql: "insert into public.jobs (id) values (1) on conflict on constraint jobs_pkey do nothing;",
    },
    {
      sql: "insert into storage.buckets (id, name) values ('a', 'a') on conflict (id) do nothing;",
    },
  ],
  *check({ file, catalogue }) {
    if (!catalogue.isComplete) return;
    for (const statement of file.statements) {
      for (const sql of sqlOf(statement)) {
        // A body runs later: what counts is what comes with its file, or is there in the end.
        const moments =
          sql === statement
            ? [catalogue.momentOf(statement) - 1]
            : [catalogue.endOf(), catalogue.endOf(file)];
        for (const { relation, onConflictClause: clause } of nodesIn(sql.node, "InsertStmt")) {
          if (!clause) continue;
          const faults = moments.map((moment) =>
            conflictFault(clause, relationName(relation), catalogue, moment),
          );
          const problem = faults.includes(null) ? null : faults[0];
          if (!problem) continue;
          const remedy =
            "Add the unique constraint that the insert relies on, or name the columns of one that is there.";
          yield { file, offset: sql.at(clause.location), problem, remedy };
        }
      }
    }
  },
};

import { type Catalogue, type Entry, sqlOf } from "../catalogue/catalogue.ts";
import { conflictFault } from "../catalogue/conflict-target.ts";
import type { Rule } from "../rule.ts";
import { nodesIn, words } from "../source/ast.ts";
import { relationName } from "../source/names.ts";
import type { Statement } from "../source/source-file.ts";

const table =
  "create table public.jobs (id int primary key, recording_id int, constraint jobs_key unique (recording_id));";
const enqueue = (target: string) =>
  `function public.enqueue() returns trigger language plpgsql as $$\nbegin\n  insert into public.jobs (recording_id) values (new.id)\n  on conflict ${target} do nothing;\n  return new;\nend\n$$;`;
const called =
  "create function public.g() returns int language sql as $$ select 1 $$;\ncreate function public.f() returns int language sql as $$ select public.g() $$;";

export const dropUnneeded: Rule = {
  id: "drop-unneeded",
  says: "No function still relies on a unique constraint, unique index or function that is dropped.",
  why: "PostgreSQL does not look into bodies: the drop succeeds, and what relies on it fails when it runs.",
  covers: "both",
  bad: [
    {
      given: `${table}\ncreate ${enqueue("(recording_id)")}`,
      sql: "alter table public.jobs drop constraint jobs_key;",
      at: "alter table",
    },
    {
      given: `${table}\ncreate ${enqueue("(recording_id)")}\nalter table public.jobs drop constraint jobs_key;\ncreate unique index i on public.jobs (recording_id);`,
      sql: "drop index public.i;",
      at: "drop index",
    },
    { given: called, sql: "drop function public.g();", at: "drop function" },
    { given: called, sql: "alter function public.g() rename to h;", at: "alter function" },
  ],
  good: [
    { given: called, sql: "alter function public.f() rename to h;" },
    {
      given: `${table}\ncreate ${enqueue("(recording_id)")}`,
      sql: "alter table public.jobs drop constraint jobs_key;\nalter table public.jobs add constraint jobs_recording_id_key unique (recording_id);",
    },
    {
      given: `${table}\ncreate ${enqueue("(recording_id)")}`,
      sql: `alter table public.jobs drop constraint jobs_key;\ncreate or replace ${enqueue("(id)")}`,
    },
    {
      given: `${table}\ncreate ${enqueue("(recording_id)")}`,
      sql: "drop function public.enqueue();\ndrop table public.jobs;",
    },
    { given: called, sql: "drop function public.f();\ndrop function public.g();" },
    {
      given: called,
      sql: "drop function public.g();\ncreate function public.g(x int default 1) returns int language sql as $$ select 1 $$;",
    },
  ],
  *check({ file, catalogue }) {
    if (!catalogue.isComplete) return;
    const end = catalogue.endOf(file);
    // The file's own bodies are the business of the rules about what they name.
    const callers = catalogue
      .after(end, ["function"])
      .filter(({ statement }) => statement.file !== file);
    for (const statement of file.statements) {
      for (const gone of goneBy(statement, catalogue)) {
        const caller = callers.find((one) =>
          gone.kind === "function"
            ? calls(one, gone)
            : insertsBy(one, gone, catalogue, [catalogue.momentOf(statement) - 1, end]),
        );
        if (!caller) continue;
        yield {
          file,
          offset: statement.start,
          problem: `${caller.name} still needs the ${gone.kind} ${gone.name} that is dropped here.`,
          remedy: `Replace the function ${caller.owner} in this migration so that it does without, or keep the ${gone.kind}.`,
        };
        break;
      }
    }
  },
};

/** Unique keys, and functions of which none of the name is left when the file ends. */
function goneBy(statement: Statement, catalogue: Catalogue): Entry[] {
  const moment = catalogue.momentOf(statement);
  const left = catalogue.after(catalogue.endOf(statement.file), ["table", "function"]);
  const isLeft = (name: string) => left.some(({ owner }) => owner === name);
  return catalogue
    .all(["constraint", "index", "function"])
    .filter(({ until }) => until === moment)
    .filter(({ kind, unique, owner }) =>
      kind === "function" ? !isLeft(owner) : unique && isLeft(owner),
    );
}

function calls({ statement }: Entry, gone: Entry): boolean {
  return (statement.body?.queries ?? []).some(({ node }) =>
    [...nodesIn(node, "FuncCall")].some(({ funcname }) => words(funcname).join(".") === gone.owner),
  );
}

/** Whether an insert of the function was covered at the first moment, and is not at the second. */
function insertsBy(
  { statement }: Entry,
  gone: Entry,
  catalogue: Catalogue,
  [before, after]: [number, number],
): boolean {
  return sqlOf(statement)
    .flatMap(({ node }) => [...nodesIn(node, "InsertStmt")])
    .some(({ relation, onConflictClause: clause }) => {
      const own = relationName(relation);
      if (!clause || own !== gone.owner) return false;
      const fault = (moment: number) => conflictFault(clause, own, catalogue, moment);
      return fault(before) === null && fault(after) !== null;
    });
}

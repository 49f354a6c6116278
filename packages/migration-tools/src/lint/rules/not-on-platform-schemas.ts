import { sqlOf } from "../catalogue/catalogue.ts";
import { namedObject } from "../catalogue/fold-facts.ts";
import {
  isPlatform,
  platformPublications,
  policyTables,
  rowTables,
} from "../catalogue/platform.ts";
import type { Rule } from "../rule.ts";
import { isNode, type Node, pick, relationsIn, words } from "../source/ast.ts";
import { relationName, schemaOf } from "../source/names.ts";

export const notOnPlatformSchemas: Rule = {
  id: "not-on-platform-schemas",
  says: "Nothing is made, changed or written in Supabase's own schemas, but policies on storage and Realtime tables and rows of `storage.buckets`.",
  why: "We do not own these tables: the statement fails with `must be owner`, or goes with the next upgrade.",
  covers: "both",
  bad: [
    {
      sql: "create unique index i on storage.objects (bucket_id, name, owner);",
      at: "create unique",
    },
    { sql: "alter table storage.objects add column size int;", at: "alter table" },
    { sql: "alter table storage.objects enable row level security;", at: "alter table" },
    {
      sql: "create trigger t after insert on auth.users for each row execute function public.f();",
      at: "create trigger",
    },
    { sql: "create table auth.profiles (id uuid);", at: "create table" },
    {
      sql: "create function extensions.f() returns int language sql as $$ select 1 $$;",
      at: "create function",
    },
    { sql: "insert into auth.users (id) values (gen_random_uuid());", at: "insert" },
    { sql: "delete from storage.objects;", at: "delete" },
    { sql: "drop table storage.objects;", at: "drop" },
    { sql: "grant select on table auth.users to authenticated;", at: "grant" },
    {
      sql: "create function a.f() returns void language plpgsql as $$\nbegin\n  create index i on storage.objects (name);\nend\n$$;",
      at: "create index",
    },
    { sql: "drop publication supabase_realtime;", at: "drop" },
  ],
  good: [
    {
      sql: "create policy p on storage.objects for select to authenticated using (bucket_id = 'raw');",
    },
    {
      sql: "insert into storage.buckets (id, name) values ('raw', 'raw') on conflict (id) do nothing;",
    },
    { sql: "create table public.a (user_id uuid references auth.users (id));" },
    { sql: "alter publication supabase_realtime add table public.a;" },
    {
      sql: "create function a.f() returns void language plpgsql as $$\nbegin\n  delete from cron.job_run_details;\nend\n$$;",
    },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      for (const sql of sqlOf(statement)) {
        const target = sql === statement || !isRowChange(sql.node) ? targetOf(sql.node) : null;
        if (!target) continue;
        yield {
          file,
          offset: sql.start,
          problem: `${target} is Supabase's own: a migration does not own it.`,
          remedy: "Keep what you need in a table, index or function of your own schema.",
        };
      }
    }
  },
};

function isRowChange(node: Node): boolean {
  return isNode(node, "InsertStmt") || isNode(node, "UpdateStmt") || isNode(node, "DeleteStmt");
}

/** What the statement changes, where that belongs to the platform. */
function targetOf(node: Node): string | null {
  const policy = pick(node, "CreatePolicyStmt")?.table ?? pick(node, "AlterPolicyStmt")?.table;
  if (policy) return foreign(relationName(policy), policyTables);
  const row =
    pick(node, "InsertStmt")?.relation ??
    pick(node, "UpdateStmt")?.relation ??
    pick(node, "DeleteStmt")?.relation;
  if (row) return foreign(relationName(row), rowTables);
  const altered =
    pick(node, "CreateStmt")?.relation ??
    pick(node, "AlterTableStmt")?.relation ??
    pick(node, "IndexStmt")?.relation ??
    pick(node, "CreateTrigStmt")?.relation ??
    pick(node, "ViewStmt")?.view;
  if (altered) return foreign(relationName(altered));
  const routine = words(pick(node, "CreateFunctionStmt")?.funcname);
  if (routine.length > 1) return foreign(routine.join("."));
  if (isNode(node, "GrantStmt") || isNode(node, "TruncateStmt")) {
    return (
      [...relationsIn(node)].map((relation) => foreign(relationName(relation))).find(Boolean) ??
      null
    );
  }
  const publication = pick(node, "CreatePublicationStmt")?.pubname;
  if (publication) return platformPublications.has(publication) ? publication : null;
  return droppedOrCommented(node);
}

function droppedOrCommented(node: Node): string | null {
  const dropped = pick(node, "DropStmt");
  const comment = pick(node, "CommentStmt");
  const named = dropped
    ? (dropped.objects ?? []).map((object) => namedObject(dropped.removeType, object))
    : comment
      ? [namedObject(comment.objtype, comment.object)]
      : [];
  for (const object of named) {
    if (!object) continue;
    if (object.kind === "publication" && platformPublications.has(object.name)) return object.name;
    const found = foreign(
      object.table ?? object.name,
      object.kind === "policy" ? policyTables : undefined,
    );
    if (found) return found;
  }
  return null;
}

function foreign(name: string, allowed?: Set<string>): string | null {
  return isPlatform(schemaOf(name)) && !allowed?.has(name) ? name : null;
}

import { namedObject } from "../catalogue/fold-facts.ts";
import type { Rule } from "../rule.ts";
import { isNode, type Node, pick, pickAll } from "../source/ast.ts";
import { relationName } from "../source/names.ts";

/** The parts of a file, in order; statements of one part may stand in any order that works. */
const parts = [
  "schemas, extensions and types",
  "tables, comments, constraints, indexes, rows, functions, triggers and views",
  "row security and policies",
  "revokes and grants",
  "publications",
  "calls",
] as const;

/** The order of the statements about one table, inside those parts. */
const steps = [
  "columns",
  "comments",
  "constraints",
  "indexes",
  "triggers",
  "row security",
  "policies",
] as const;

export const statementOrder: Rule = {
  id: "statement-order",
  says: "Types come before tables, then comments, constraints, indexes, functions, triggers, row security and policies, grants, publications, calls; per table in just this order.",
  why: "Whoever looks for a table's policies or grants knows where they stand, and sees if they are missing.",
  covers: "migrations",
  bad: [
    {
      sql: "create table public.a (id int);\nalter table public.a enable row level security;\ncreate table public.b (id int);",
      at: "create table public.b",
    },
    {
      sql: "create table public.a (id int);\ncreate type public.t as enum ('x');",
      at: "create type",
    },
    {
      sql: "create table public.a (id int);\ngrant select on table public.a to authenticated;\ncreate policy p on public.a for select to authenticated using (true);",
      at: "create policy",
    },
    {
      sql: "create table public.a (id int);\ncreate index i on public.a (id);\ncomment on table public.a is 'x';",
      at: "comment",
    },
    {
      sql: "create table public.a (id int);\ncreate trigger t before insert on public.a execute function f.g();\ncreate index i on public.a (id);",
      at: "create index",
    },
    {
      sql: "alter publication supabase_realtime add table public.a;\nrevoke all on table public.a from anon;",
      at: "revoke",
    },
    {
      sql: "comment on column public.a.b is 'x';\nalter table public.a add column b int;",
      at: "alter table",
    },
  ],
  good: [
    {
      sql: "alter table public.video_recordings add column rating int;\ncomment on column public.video_recordings.rating is 'Stars, 1 to 5.';",
    },
    {
      sql: "create table public.a (id int);\ncomment on table public.a is 'x';\ncreate index i on public.a (id);\ncreate table public.b (id int);\ncomment on table public.b is 'x';\ninsert into public.a values (1);\ncreate function f.g() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger t before insert on public.a execute function f.g();\nalter table public.a enable row level security;\nalter table public.b enable row level security;\ncreate policy p on public.a using (true);\nrevoke all on table public.a from anon;\nselect f.install();\ncall f.fill();",
    },
  ],
  *check({ file }) {
    let part = 0;
    const reached = new Map<string, number>();
    for (const { node, start } of file.statements) {
      const own = partOf(node);
      if (own < part) {
        yield {
          file,
          offset: start,
          problem: `This comes after ${parts[part]}.`,
          remedy: `Move it up to the ${parts[own]}.`,
        };
        continue;
      }
      part = own;
      const step = stepOf(node);
      if (!step) continue;
      const before = reached.get(step.table) ?? 0;
      if (step.step < before) {
        yield {
          file,
          offset: start,
          problem: `This comes after the ${steps[before]} of ${step.table}.`,
          remedy: `Move it up to the ${steps[step.step]} of the table.`,
        };
      }
      reached.set(step.table, Math.max(step.step, before));
    }
  },
};

function partOf(node: Node): number {
  const comment = pick(node, "CommentStmt")?.objtype;
  if (comment === "OBJECT_SCHEMA" || comment === "OBJECT_TYPE") return 0;
  if (comment === "OBJECT_POLICY") return 2;
  const kinds = Object.keys(node)[0] ?? "";
  if (/^(CreateSchema|CreateExtension|CreateEnum|CreateDomain|CompositeType)/.test(kinds)) return 0;
  if (isNode(node, "CreatePolicyStmt") || isNode(node, "AlterPolicyStmt") || isRowSecurity(node))
    return 2;
  if (isNode(node, "GrantStmt") || isNode(node, "AlterDefaultPrivilegesStmt")) return 3;
  if (isNode(node, "CreatePublicationStmt") || isNode(node, "AlterPublicationStmt")) return 4;
  return isNode(node, "SelectStmt") || isNode(node, "CallStmt") ? 5 : 1;
}

function isRowSecurity(node: Node): boolean {
  const commands = pickAll(pick(node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  return commands.some(({ subtype }) => subtype?.endsWith("RowSecurity") ?? false);
}

/** Columns that are added come first, as they do in a new table. */
function alteredStep(node: Node): number {
  if (isRowSecurity(node)) return 5;
  const commands = pickAll(pick(node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  return commands.every(({ subtype }) => subtype === "AT_AddColumn") ? 0 : 2;
}

function stepOf(node: Node): { table: string; step: number } | null {
  const created = pick(node, "CreateStmt");
  if (created) return { table: relationName(created.relation), step: 0 };
  const comment = pick(node, "CommentStmt");
  const named = comment && namedObject(comment.objtype, comment.object);
  if (named?.kind === "table") return { table: named.name, step: 1 };
  if (named?.kind === "column" && named.table) return { table: named.table, step: 1 };
  const altered = pick(node, "AlterTableStmt");
  if (altered) return { table: relationName(altered.relation), step: alteredStep(node) };
  const index = pick(node, "IndexStmt");
  if (index) return { table: relationName(index.relation), step: 3 };
  const trigger = pick(node, "CreateTrigStmt");
  if (trigger) return { table: relationName(trigger.relation), step: 4 };
  const policy = pick(node, "CreatePolicyStmt");
  return policy ? { table: relationName(policy.table), step: 6 } : null;
}

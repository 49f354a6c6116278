import { isPlatform } from "../catalogue/platform.ts";
import type { Rule } from "../rule.ts";
import { type NodeOf, nodesIn, pick, relationsIn, words } from "../source/ast.ts";
import { relationName, schemaOf } from "../source/names.ts";

const table = "create table public.notes (id int primary key, user_id uuid);";

export const policyColumnsIndexed: Rule = {
  id: "policy-columns-indexed",
  says: "Every column that a policy looks rows up by is the first of an index.",
  why: "A policy is a condition of every query; without an index each of them reads the whole table.",
  covers: "migrations",
  bad: [
    {
      given: table,
      sql: "create policy p on public.notes for select to authenticated using (user_id = (select auth.uid()));",
      at: "user_id",
    },
    {
      given: `${table}\ncreate table public.parts (id int, note_id int);`,
      sql: "create index i on public.notes (user_id);\ncreate policy p on public.parts for select to authenticated using (exists (select 1 from public.notes as n where n.id = note_id and n.user_id = (select auth.uid())));",
      at: "note_id and",
    },
    {
      given: table,
      sql: "alter policy p on public.notes using (user_id = (select auth.uid()));",
      at: "user_id",
    },
  ],
  good: [
    {
      given: table,
      sql: "create index i on public.notes (user_id, id);\ncreate policy p on public.notes for select to authenticated using (user_id = (select auth.uid()));",
    },
    {
      given: table,
      sql: "create policy p on public.notes for select to authenticated using (id = 1);",
    },
    {
      sql: "create policy p on storage.objects for select to authenticated using (bucket_id = 'raw');",
    },
    {
      given: table,
      sql: "create index i on public.notes (user_id);\nalter policy p on public.notes using (user_id = (select auth.uid()));",
    },
  ],
  *check({ file, catalogue }) {
    const end = catalogue.endOf(file);
    const indexed = new Set(
      catalogue.after(end, ["index"]).map(({ owner, columns }) => `${owner}.${columns[0]}`),
    );
    const columns = new Set(catalogue.after(end, ["column"]).map(({ name }) => name));
    for (const statement of file.statements) {
      const policy =
        pick(statement.node, "CreatePolicyStmt") ?? pick(statement.node, "AlterPolicyStmt");
      if (!policy) continue;
      const tables = tablesOf(policy);
      for (const { fields, location } of lookupColumns(policy)) {
        const column = resolve(words(fields), tables, columns);
        if (!column || isPlatform(schemaOf(column)) || indexed.has(column)) continue;
        yield {
          file,
          offset: statement.at(location),
          problem: `No index begins with ${column}, by which the policy looks rows up.`,
          remedy: "Create an index whose first column it is.",
        };
      }
    }
  },
};

type Policy = NodeOf<"CreatePolicyStmt"> | NodeOf<"AlterPolicyStmt">;

/** Tables by the names that the policy has for them; its own is without one. */
function tablesOf(policy: Policy): Map<string, string> {
  const own = relationName(policy.table);
  const tables = new Map([
    ["", own],
    [policy.table?.relname ?? "", own],
  ]);
  for (const relation of relationsIn([policy.qual, policy.with_check])) {
    tables.set(relation.alias?.aliasname ?? relation.relname ?? "", relationName(relation));
  }
  return tables;
}

/** Columns that are compared with another column, or with something that is called. */
function* lookupColumns(policy: Policy): Generator<NodeOf<"ColumnRef">> {
  for (const { kind, lexpr, rexpr } of nodesIn([policy.qual, policy.with_check], "A_Expr")) {
    if (kind !== "AEXPR_OP" && kind !== "AEXPR_OP_ANY") continue;
    if (!isLookup(lexpr, rexpr) && !isLookup(rexpr, lexpr)) continue;
    for (const side of [lexpr, rexpr]) {
      const column = pick(side, "ColumnRef");
      if (column) yield column;
    }
  }
}

function isLookup(column: unknown, value: unknown): boolean {
  const isColumn = pick(column, "ColumnRef") !== undefined;
  return isColumn && pick(value, "A_Const") === undefined;
}

/** `schema.table.column` of a name with or without an alias; null where it is none of ours. */
function resolve(
  parts: string[],
  tables: Map<string, string>,
  columns: Set<string>,
): string | null {
  const column = parts.at(-1) ?? "";
  const own = `${tables.get(parts.length > 1 ? (parts.at(-2) ?? "") : "")}.${column}`;
  if (columns.has(own)) return own;
  const other = [...tables.values()].map((table) => `${table}.${column}`);
  return parts.length > 1 ? null : (other.find((name) => columns.has(name)) ?? null);
}

import type { Rule } from "../rule.ts";
import { type Node, type NodeOf, nodesIn, pick, pickAll } from "../source/ast.ts";
import { relationName } from "../source/names.ts";
import { commentAbove } from "../source/source-file.ts";

export const bucketPrivate: Rule = {
  id: "bucket-private",
  says: "A bucket is private, or has `-- Open: reason` over the statement that opens it.",
  why: "Whoever has the address of a file in a public bucket reads it, past every policy.",
  covers: "both",
  bad: [
    { sql: "update storage.buckets set public = true where id = 'raw';", at: "update" },
    {
      sql: "insert into storage.buckets (id, name, public) values ('a', 'a', false), ('b', 'b', true);",
      at: "insert",
    },
    {
      sql: "insert into storage.buckets (id, name) values ('a', 'a') on conflict (id) do update set public = true;",
      at: "insert",
    },
  ],
  good: [
    { sql: "update storage.buckets set public = false where id = 'raw';" },
    {
      sql: "insert into storage.buckets (id, name, public) values ('a', 'a', false) on conflict (id) do update set public = excluded.public;",
    },
    {
      sql: "-- Open: avatars are shown to everybody.\nupdate storage.buckets set public = true where id = 'avatars';",
    },
  ],
  *check({ file }) {
    for (const { node, start } of file.statements) {
      const isOpened =
        [...nodesIn(node, "UpdateStmt")].some(
          ({ relation, targetList }) =>
            relationName(relation) === "storage.buckets" && setsPublic(targetList),
        ) || [...nodesIn(node, "InsertStmt")].some(insertsPublic);
      if (!isOpened || /^Open: \S/m.test(commentAbove(file, start))) continue;
      yield {
        file,
        offset: start,
        problem: "The bucket's files can be read by everybody.",
        remedy:
          "Set public to false and hand out signed addresses, or say why not: -- Open: reason.",
      };
    }
  },
};

function insertsPublic({
  relation,
  cols,
  selectStmt,
  onConflictClause,
}: NodeOf<"InsertStmt">): boolean {
  if (relationName(relation) !== "storage.buckets") return false;
  const place = pickAll(cols, "ResTarget").findIndex(({ name }) => name === "public");
  const select = pick(selectStmt, "SelectStmt");
  const rows = pickAll(select?.valuesLists, "List").map(({ items }) => items?.[place]);
  const chosen = pickAll(select?.targetList, "ResTarget")[place]?.val;
  return [...rows, chosen].some(mayBeTrue) || setsPublic(onConflictClause?.targetList);
}

function setsPublic(targets: Node[] | undefined): boolean {
  return pickAll(targets, "ResTarget").some(({ name, val }) => name === "public" && mayBeTrue(val));
}

/** Anything but `false`, `null`, the default and the value that the insert itself gives. */
function mayBeTrue(value: Node | undefined): boolean {
  if (!value || pick(value, "SetToDefault") || pick(value, "ColumnRef")) return false;
  const constant = pick(value, "A_Const");
  if (!constant) return true;
  // The parser leaves `false` out of its tree.
  return !constant.isnull && (!constant.boolval || constant.boolval.boolval === true);
}

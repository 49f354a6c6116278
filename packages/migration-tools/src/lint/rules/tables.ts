import { isPlatform, platformPublications, policyTables, rowTables } from "../platform.ts";
import { type Rule, statementsThat } from "../rule.ts";
import { isNode, type Node, nodesIn, pick, pickAll, relationsIn, words } from "../source/ast.ts";
import { relationName, schemaOf } from "../source/names.ts";
import { hasReason, sqlOf } from "../source/source-file.ts";

const named = new Set(["CONSTR_CHECK", "CONSTR_UNIQUE", "CONSTR_EXCLUSION"]);

export const namedConstraints: Rule = {
  id: "named-constraints",
  says: "Checks, unique and exclusion constraints have a name that says what holds.",
  why: "The name is all that an app sees of a refused row, and what a later migration drops it by.",
  remedy: "Name it as a sentence: constraint status_is_known check (…).",
  covers: "migrations",
  *find({ statements }) {
    for (const statement of statements) {
      for (const { contype = "", conname, location } of nodesIn(statement.node, "Constraint")) {
        if (named.has(contype) && !conname) yield { offset: statement.at(location) };
      }
    }
  },
};

export const deleteHasReason: Rule = {
  id: "delete-has-reason",
  says: "A migration or rollback that deletes rows of the project says why, in a line `-- Deletes: reason`.",
  why: "Rows that users made cannot be made again by an undo.",
  remedy: "Keep them, or say why they may go: -- Deletes: reason.",
  covers: "both",
  find: statementsThat((statement) => {
    const { node } = statement;
    const emptied = pickAll(pick(node, "TruncateStmt")?.relations, "RangeVar");
    const tables = [pick(node, "DeleteStmt")?.relation ?? [], emptied].flat().map(relationName);
    return tables.some((name) => !isPlatform(schemaOf(name))) && !hasReason(statement, "Deletes");
  }),
};

export const notOnPlatformSchemas: Rule = {
  id: "not-on-platform-schemas",
  says: "Nothing is made, changed or written in Supabase's own schemas, but policies on storage and Realtime tables and rows of `storage.buckets`.",
  why: "We do not own these tables: the statement fails with `must be owner`, or goes with the next upgrade.",
  remedy: "Keep what you need in a table, index or function of your own schema.",
  covers: "both",
  *find({ statements }) {
    for (const statement of statements) {
      for (const sql of sqlOf(statement)) {
        // Functions may write rows: their callers' rights decide.
        const target = sql === statement || !isRowChange(sql.node) ? foreign(sql.node) : undefined;
        if (!target) continue;
        yield {
          offset: sql.start,
          problem: `${target} is Supabase's own: a migration does not own it.`,
        };
      }
    }
  },
};

function isRowChange(node: Node): boolean {
  return isNode(node, "InsertStmt") || isNode(node, "UpdateStmt") || isNode(node, "DeleteStmt");
}

/** What of the platform's the statement changes. */
function foreign(node: Node): string | undefined {
  const allowed = isRowChange(node) ? rowTables : isAboutPolicy(node) ? policyTables : new Set();
  return changed(node)
    .map((parts) => parts.join("."))
    .find(
      (name) =>
        platformPublications.has(name) || (isPlatform(schemaOf(name)) && !allowed.has(name)),
    );
}

function isAboutPolicy(node: Node): boolean {
  const type = pick(node, "DropStmt")?.removeType ?? pick(node, "CommentStmt")?.objtype;
  return (
    type === "OBJECT_POLICY" || isNode(node, "CreatePolicyStmt") || isNode(node, "AlterPolicyStmt")
  );
}

/** The names, in parts, of what a statement makes, changes or drops; of parts of a table the table's. */
function changed(node: Node): string[][] {
  const relation =
    pick(node, "InsertStmt")?.relation ??
    pick(node, "UpdateStmt")?.relation ??
    pick(node, "DeleteStmt")?.relation ??
    pick(node, "CreateStmt")?.relation ??
    pick(node, "AlterTableStmt")?.relation ??
    pick(node, "IndexStmt")?.relation ??
    pick(node, "CreateTrigStmt")?.relation ??
    pick(node, "CreatePolicyStmt")?.table ??
    pick(node, "AlterPolicyStmt")?.table ??
    pick(node, "ViewStmt")?.view;
  if (relation) return [[relationName(relation)]];
  if (isNode(node, "GrantStmt") || isNode(node, "TruncateStmt")) {
    return [...relationsIn(node)].map((named) => [relationName(named)]);
  }
  const publication = pick(node, "CreatePublicationStmt")?.pubname;
  if (publication) return [[publication]];
  const routine = words(pick(node, "CreateFunctionStmt")?.funcname);
  if (routine.length > 0) return [routine];
  const comment = pick(node, "CommentStmt")?.object;
  const dropped = pick(node, "DropStmt");
  if (dropped?.removeType === "OBJECT_EXTENSION") return [];
  return [...(dropped?.objects ?? []), ...(comment ? [comment] : [])].map((object) =>
    [
      ...words(pick(object, "List")?.items),
      ...words(pick(object, "TypeName")?.names),
      ...words(pick(object, "ObjectWithArgs")?.objname),
      pick(object, "String")?.sval ?? [],
    ]
      .flat()
      .slice(0, 2),
  );
}

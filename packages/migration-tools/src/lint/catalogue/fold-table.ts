import { fingerprint, type NodeOf, pick, pickAll, words } from "../source/ast.ts";
import { relationName, schemaOf } from "../source/names.ts";
import type { Statement } from "../source/source-file.ts";
import type { Catalogue } from "./catalogue.ts";

/** The kinds of entries that belong to a table and go with it. */
export const tableParts = [
  "column",
  "constraint",
  "foreign key",
  "index",
  "trigger",
  "policy",
  "row security",
] as const;

export function foldCreateTable(catalogue: Catalogue, statement: Statement): void {
  const made = pick(statement.node, "CreateStmt");
  if (!made || made.relation?.relpersistence === "t") return;
  const table = relationName(made.relation);
  catalogue.add({
    kind: "table",
    name: table,
    statement,
    offset: statement.at(made.relation?.location),
  });
  for (const column of pickAll(made.tableElts, "ColumnDef")) {
    foldColumn(catalogue, statement, table, column);
  }
  for (const constraint of pickAll(made.tableElts, "Constraint")) {
    foldConstraint(catalogue, statement, table, constraint);
  }
}

function foldColumn(
  catalogue: Catalogue,
  statement: Statement,
  table: string,
  { colname = "", location, constraints }: NodeOf<"ColumnDef">,
): void {
  const offset = statement.at(location);
  catalogue.add({
    kind: "column",
    name: `${table}.${colname}`,
    owner: table,
    columns: [colname],
    statement,
    offset,
  });
  for (const constraint of pickAll(constraints, "Constraint")) {
    if (constraint.contype === "CONSTR_IDENTITY") {
      const name = `${table}_${colname}_seq`;
      catalogue.add({ kind: "sequence", name, owner: table, statement, offset });
    }
    foldConstraint(catalogue, statement, table, constraint, colname);
  }
}

/** @param column the one that the constraint is written at, if any */
function foldConstraint(
  catalogue: Catalogue,
  statement: Statement,
  table: string,
  constraint: NodeOf<"Constraint">,
  column?: string,
): void {
  const { contype, conname, location } = constraint;
  const offset = statement.at(location);
  const keys = words(constraint.keys ?? constraint.fk_attrs);
  const columns = keys.length > 0 ? keys : column ? [column] : [];
  const common = { owner: table, statement, offset, columns };
  const bare = table.split(".").at(-1);
  const named = (suffix: string) =>
    conname ?? [bare, ...(suffix === "pkey" ? [] : columns), suffix].join("_");
  if (contype === "CONSTR_PRIMARY" || contype === "CONSTR_UNIQUE") {
    const label = named(contype === "CONSTR_PRIMARY" ? "pkey" : "key");
    catalogue.add({ ...common, kind: "constraint", name: `${label} on ${table}`, unique: true });
    catalogue.add({ ...common, kind: "index", name: `${schemaOf(table)}.${label}`, unique: true });
  } else if (contype === "CONSTR_FOREIGN") {
    const target = relationName(constraint.pktable);
    catalogue.add({ ...common, kind: "foreign key", name: `${named("fkey")} on ${table}`, target });
  } else if (contype === "CONSTR_CHECK" || contype === "CONSTR_EXCLUSION") {
    catalogue.add({ ...common, kind: "constraint", name: `${named("check")} on ${table}` });
  }
}

export function foldIndex(catalogue: Catalogue, statement: Statement): void {
  const made = pick(statement.node, "IndexStmt");
  if (!made) return;
  const owner = relationName(made.relation);
  catalogue.add({
    kind: "index",
    name: `${schemaOf(owner)}.${made.idxname ?? ""}`,
    owner,
    columns: pickAll(made.indexParams, "IndexElem").map(({ name }) => name ?? null),
    unique: made.unique ?? false,
    condition: made.whereClause ? fingerprint(made.whereClause) : "",
    statement,
  });
}

export function foldAlterTable(catalogue: Catalogue, statement: Statement): void {
  const altered = pick(statement.node, "AlterTableStmt");
  if (!altered) return;
  const table = relationName(altered.relation);
  for (const { subtype, name = "", def } of pickAll(altered.cmds, "AlterTableCmd")) {
    if (subtype === "AT_AddColumn") {
      const column = pick(def, "ColumnDef");
      if (column) foldColumn(catalogue, statement, table, column);
    } else if (subtype === "AT_AddConstraint") {
      const constraint = pick(def, "Constraint");
      if (constraint) foldConstraint(catalogue, statement, table, constraint);
    } else if (subtype === "AT_EnableRowSecurity") {
      catalogue.add({ kind: "row security", name: `table ${table}`, owner: table, statement });
    } else if (subtype === "AT_DisableRowSecurity") {
      catalogue.end(statement, ["row security"], ({ owner }) => owner === table);
    } else if (subtype === "AT_DropColumn") {
      catalogue.end(
        statement,
        ["column", "index", "foreign key", "constraint"],
        ({ owner, columns }) => owner === table && columns.includes(name),
      );
    } else if (subtype === "AT_DropConstraint") {
      const own = `${name} on ${table}`;
      const index = `${schemaOf(table)}.${name}`;
      catalogue.end(
        statement,
        ["constraint", "foreign key", "index"],
        (entry) => entry.owner === table && (entry.name === own || entry.name === index),
      );
    }
  }
}

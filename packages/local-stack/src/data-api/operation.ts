import {
  list,
  name,
  type Part,
  part,
  type QualifiedName,
  qualified,
  raw,
} from "../sql/statement.ts";
import { type Catalog, nameId, primaryKeyOf, type Relation, type Routine } from "./catalog.ts";
import { Refusal, similar } from "./errors.ts";
import { type Mutation, mutationSql, rowsOf } from "./mutations.ts";
import { type Node, neededColumns, planRead, type Root } from "./plan.ts";
import type { Preferences } from "./preferences.ts";
import { clausesAt, type Query } from "./query.ts";
import { pageSql, readSql } from "./read-sql.ts";
import { type Arguments, callSql, findRoutine } from "./routines.ts";

/** What a request does, as SQL. */
export interface Operation {
  kind: "read" | "insert" | "update" | "delete" | "call";
  /** The change or the call, whose rows are `pgrst_source`. */
  source: Part | null;
  /** The rows of the answer; all of them where it is not paged. */
  rows(isPaged: boolean): Part;
  shape: "rows" | "row" | "scalars" | "scalar";
  offset: number;
  routine: Routine | null;
  isReadOnly: boolean;
  /** Whether `pgrst_source` tells which rows are new. */
  tellsInserted: boolean;
  isPut?: boolean;
  /** An insert that says what happens to rows that are there already. */
  isUpsert?: boolean;
  /** The table whose one new row is told by its primary key, which is all of the rows. */
  location?: string | null;
}

export function tableOperation(
  catalog: Catalog,
  table: QualifiedName,
  method: string,
  query: Query,
  body: string,
  preferences: Preferences,
  maxRows: number,
): Operation {
  const relation = relationNamed(catalog, table);
  const root = { name: table, relation };
  if (method === "GET" || method === "HEAD") {
    const node = planRead(
      catalog,
      query,
      { ...root, source: qualified(table), isDerived: false },
      maxRows,
    );
    return { kind: "read", source: null, ...reading(node), routine: null, isReadOnly: true };
  }
  const own = clausesAt(query, "");
  const isPut = method === "PUT";
  if (isPut) checkPut(relation, query, body);
  const mutation: Mutation = {
    relation,
    kind: kinds[method] ?? "insert",
    body,
    columns: query.columns,
    conditions: isPut ? [] : own.conditions,
    isDefaulted: preferences.missing === "default",
    resolution: isPut ? "merge-duplicates" : preferences.resolution,
    onConflict: isPut ? null : query.onConflict,
  };
  // Conditions and limits are those of the change; only its order is of the answer.
  query.clauses.set("", { conditions: [], order: own.order });
  const isShown = preferences.return === "representation";
  const node = planRead(catalog, query, derived(root), Number.POSITIVE_INFINITY);
  const isLocated = preferences.return === "headers-only" && mutation.kind === "insert" && !isPut;
  const key = isLocated ? primaryKeyOf(relation) : [];
  const source = mutationSql(mutation, isShown ? neededColumns(node) : key);
  const tellsInserted =
    mutation.kind === "insert" &&
    mutation.resolution === "merge-duplicates" &&
    relation.isTable &&
    rowsOf(body).length > 0;
  const read = isShown
    ? reading(node)
    : { ...reading(node), rows: () => part`select ${list(key.map(name))} from pgrst_source` };
  const hasTarget = mutation.onConflict !== null || primaryKeyOf(relation).length > 0;
  const isUpsert = mutation.kind === "insert" && !isPut && hasTarget;
  const location = key.length === 0 ? null : table.name;
  const common = { routine: null, isReadOnly: false, tellsInserted, isPut, isUpsert, location };
  return { kind: mutation.kind, source, ...read, ...common };
}

export function callOperation(
  catalog: Catalog,
  called: QualifiedName,
  method: string,
  query: Query,
  given: Arguments,
  maxRows: number,
): Operation {
  const routine = findRoutine(catalog, called, given);
  const isReadOnly = method !== "POST" || routine.isStable;
  const common = { kind: "call" as const, routine, isReadOnly };
  if (!routine.isComposite) {
    const { limit = maxRows, offset = 0 } = routine.isSet ? clausesAt(query, "") : {};
    const page = pageSql({ limit: Math.min(limit, maxRows), offset });
    return {
      ...common,
      source: callSql(routine, given, null),
      rows: (isPaged) => part`select pgrst_scalar from pgrst_source${isPaged ? page : raw("")}`,
      shape: routine.isSet ? "scalars" : "scalar",
      offset,
      tellsInserted: false,
    };
  }
  const relation =
    routine.relation === null ? null : (catalog.relations.get(nameId(routine.relation)) ?? null);
  const root = { schema: called.schema, name: relation?.name ?? called.name };
  const node = planRead(catalog, query, derived({ name: root, relation }), maxRows);
  const source = callSql(routine, given, neededColumns(node));
  return { ...common, source, ...reading(node), shape: routine.isSet ? "rows" : "row" };
}

const kinds: Record<string, Mutation["kind"]> = {
  POST: "insert",
  PUT: "insert",
  PATCH: "update",
  DELETE: "delete",
};

function derived(root: Omit<Root, "source" | "isDerived">): Root {
  const source = part`pgrst_source as ${name(root.name.name)}`;
  return { ...root, source, isDerived: true };
}

function reading(node: Node): Pick<Operation, "rows" | "shape" | "offset" | "tellsInserted"> {
  return {
    rows: (isPaged) => readSql(node, isPaged),
    shape: "rows",
    offset: node.clauses.offset ?? 0,
    tellsInserted: false,
  };
}

function relationNamed(catalog: Catalog, table: QualifiedName): Relation {
  const relation = catalog.relations.get(nameId(table));
  if (relation !== undefined) return relation;
  const names = [...catalog.relations.values()]
    .filter(({ schema }) => schema === table.schema)
    .map(({ name }) => name);
  const close = similar(table.name, names);
  throw new Refusal(404, {
    code: "PGRST205",
    message: `Could not find the table '${table.schema}.${table.name}' in the schema cache`,
    hint: close === null ? null : `Perhaps you meant the table '${table.schema}.${close}'`,
  });
}

/** PUT writes the one row that the address names by its primary key. */
function checkPut(relation: Relation, query: Query, body: string): void {
  const key = primaryKeyOf(relation);
  const { conditions, limit, offset } = clausesAt(query, "");
  if (limit !== undefined || offset !== undefined) {
    const message = "limit/offset querystring parameters are not allowed for PUT";
    throw new Refusal(400, { code: "PGRST114", message });
  }
  const named = new Map(
    conditions.flatMap((one): [string, string][] =>
      one.kind === "comparison" && one.operator === "eq" && !one.isNegated
        ? [[one.column, one.value]]
        : [],
    ),
  );
  const isKey =
    key.length > 0 && key.length === conditions.length && key.every((c) => named.has(c));
  if (!isKey) {
    throw new Refusal(405, {
      code: "PGRST105",
      message: "Filters must include all and only primary key columns with 'eq' operators",
    });
  }
  const [row, ...more] = rowsOf(body);
  const values = new Map(Object.entries(row ?? {}));
  if (more.length === 0 && key.every((column) => String(values.get(column)) === named.get(column)))
    return;
  throw new Refusal(400, {
    code: "PGRST115",
    message: "Payload values do not match URL in primary key column(s)",
  });
}

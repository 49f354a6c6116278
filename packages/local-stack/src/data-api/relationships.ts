import type { QualifiedName } from "../sql/statement.ts";
import { type Catalog, nameId, primaryKeyOf, sameName } from "./catalog.ts";
import { Refusal } from "./errors.ts";
import type { Embed } from "./select-syntax.ts";

/** Columns that are equal where two rows belong together: ours, theirs. */
type Pairs = [string, string][];

export interface Relationship {
  kind: "many-to-one" | "one-to-many" | "one-to-one" | "many-to-many" | "computed";
  target: QualifiedName;
  /** The foreign key, or the function of a computed one. */
  constraint: string;
  pairs: Pairs;
  junction?: { table: QualifiedName; constraint: string; pairs: Pairs };
  isToOne: boolean;
  /** Followed from the referencing row. */
  isForward: boolean;
}

/** @throws Refusal PGRST200 where none is found, PGRST201 where several are */
export function findRelationship(
  catalog: Catalog,
  parent: QualifiedName,
  embed: Embed,
): Relationship {
  const isView = (one: QualifiedName) => catalog.relations.get(nameId(one))?.isView === true;
  const found = relationshipsOf(catalog, parent).filter((one) =>
    isMeant(one, parent, embed, isView(one.target)),
  );
  const [only] = found;
  if (only === undefined) throw unrelated(parent, embed);
  // A function of that name is what was made to say which relationship is meant.
  const computed = found.find(({ kind }) => kind === "computed");
  if (computed !== undefined) return computed;
  if (found.length > 1) throw ambiguous(parent, embed.name, found);
  return only;
}

/** A target is a table or view, a table's foreign key, or its column; a hint tells several apart. */
function isMeant(
  one: Relationship,
  parent: QualifiedName,
  { name, hint }: Embed,
  isView: boolean,
): boolean {
  if (one.kind === "computed") return one.constraint === name && hint === undefined;
  if (one.target.schema !== parent.schema) return false;
  const [pair] = one.pairs;
  const single = one.junction === undefined && one.pairs.length === 1 ? pair : undefined;
  const isSelf = sameName(one.target, parent) && one.junction === undefined;
  const isTable = one.target.name === name;
  if (hint === undefined) {
    if (isSelf && isTable) return !one.isForward;
    if (isTable) return true;
    if (one.junction !== undefined || isView) return false;
    if (one.isForward && single?.[0] === name) return true;
    return one.constraint === name && !isSelf;
  }
  if (one.junction !== undefined) return isTable && one.junction.table.name === hint;
  if (isSelf) {
    if (isTable) return !one.isForward && single?.[1] === hint;
    return one.isForward && single?.[0] === name && single[1] === hint;
  }
  const isHinted = one.constraint === hint || single?.[0] === hint || single?.[1] === hint;
  return isHinted && (isTable || (one.isForward && !isView && single?.[0] === name));
}

function relationshipsOf(catalog: Catalog, parent: QualifiedName): Relationship[] {
  const isUnique = (table: QualifiedName, columns: string[]) =>
    (catalog.relations.get(nameId(table))?.keys ?? []).some(
      (key) =>
        key.columns.length === columns.length && key.columns.every((c) => columns.includes(c)),
    );
  const found: Relationship[] = [];
  for (const key of catalog.foreignKeys) {
    const forward = zip(key.columns, key.targetColumns);
    const unique = isUnique(key.table, key.columns);
    const constraint = key.name;
    if (sameName(key.table, parent)) {
      const kind = unique ? "one-to-one" : "many-to-one";
      const { target } = key;
      found.push({ kind, target, constraint, pairs: forward, isToOne: true, isForward: true });
    }
    if (!sameName(key.target, parent)) continue;
    const kind = unique ? "one-to-one" : "one-to-many";
    const pairs = forward.map(([own, theirs]): [string, string] => [theirs, own]);
    found.push({ kind, target: key.table, constraint, pairs, isToOne: unique, isForward: false });
    found.push(...throughJunction(catalog, key.table, constraint, pairs));
  }
  for (const routine of catalog.routines) {
    const [argument, ...more] = routine.parameters;
    if (routine.relation === null || argument?.relation == null || more.length > 0) continue;
    if (!sameName(argument.relation, parent)) continue;
    found.push({
      kind: "computed",
      target: routine.relation,
      constraint: routine.name,
      pairs: [],
      isToOne: routine.isOneRow,
      isForward: false,
    });
  }
  return found;
}

/** A table is a junction where its primary key holds the columns of both foreign keys. */
function throughJunction(
  catalog: Catalog,
  table: QualifiedName,
  constraint: string,
  pairs: Pairs,
): Relationship[] {
  const relation = catalog.relations.get(nameId(table));
  const primaryKey = relation === undefined || relation.isView ? [] : primaryKeyOf(relation);
  const holds = (columns: string[]) => columns.every((column) => primaryKey.includes(column));
  if (!holds(pairs.map(([, own]) => own))) return [];
  return catalog.foreignKeys
    .filter((key) => sameName(key.table, table) && key.name !== constraint && holds(key.columns))
    .map((key) => ({
      kind: "many-to-many",
      target: key.target,
      constraint: key.name,
      pairs: zip(key.columns, key.targetColumns),
      junction: { table, constraint, pairs },
      isToOne: false,
      isForward: false,
    }));
}

function unrelated(parent: QualifiedName, { name, hint }: Embed): Refusal {
  const names = `between '${parent.name}' and '${name}'`;
  const hinted = hint === undefined ? "" : ` using the hint '${hint}'`;
  return new Refusal(400, {
    code: "PGRST200",
    message: `Could not find a relationship ${names} in the schema cache`,
    details: `Searched for a foreign key relationship ${names}${hinted} in the schema '${parent.schema}', but no matches were found.`,
  });
}

function ambiguous(parent: QualifiedName, target: string, found: Relationship[]): Refusal {
  const hints = found.map((one) => `'${target}!${one.junction?.table.name ?? one.constraint}'`);
  return new Refusal(300, {
    code: "PGRST201",
    message: `Could not embed because more than one relationship was found for '${parent.name}' and '${target}'`,
    details: found.map((one) => ({
      cardinality: one.kind,
      embedding: `${parent.name} with ${one.target.name}`,
      relationship: described(parent, one),
    })),
    hint: `Try changing '${target}' to one of the following: ${hints.join(", ")}. Find the desired relationship in the 'details' key.`,
  });
}

function described(parent: QualifiedName, one: Relationship): string {
  const columns = (table: QualifiedName, names: string[]) => `${table.name}(${names.join(", ")})`;
  const [own, theirs] = [one.pairs.map(([first]) => first), one.pairs.map(([, second]) => second)];
  const { junction, constraint, target } = one;
  if (junction === undefined) {
    return `${constraint} using ${columns(parent, own)} and ${columns(target, theirs)}`;
  }
  const joined = junction.pairs.map(([, second]) => second);
  return `${junction.table.name} using ${junction.constraint}(${joined.join(", ")}) and ${constraint}(${own.join(", ")})`;
}

function zip(own: string[], theirs: string[]): Pairs {
  return own.map((column, place) => [column, theirs[place] ?? ""]);
}

import type { ForeignKey } from "./foreign-keys.ts";

export type Cardinality = "many-to-one" | "one-to-many" | "one-to-one" | "many-to-many";

/** Columns that meet: `from` of one table equals `to` of the other, place by place. */
export interface Join {
  from: string[];
  to: string[];
}

/** A relationship in one direction: rows of `target` can be embedded in rows of `table`. */
export interface Relationship {
  schema: string;
  table: string;
  target: string;
  cardinality: Cardinality;
  /** Stands behind `!`: the foreign key's name, or the join table's where there is one. */
  hint: string;
  /** Several relationships lead from `table` to `target`: without the hint none is chosen. */
  needsHint: boolean;
  /** An embedded object may be missing; a list is never null. */
  mayBeNull: boolean;
  /** From table to target; with a join table from table to it, and from it to the target. */
  joins: { table: string; on: Join }[];
  /** The foreign key; undefined where a join table has two. */
  key?: ForeignKey;
}

/** A foreign key that no embedding follows. */
export interface Unreachable {
  key: ForeignKey;
  reason: string;
}

export interface Relationships {
  reachable: Relationship[];
  unreachable: Unreachable[];
}

/** Names a relationship among all: `public.jobs → recordings!jobs_recording_id_fkey`. */
export function relationshipId({ schema, table, target, hint }: Relationship): string {
  return `${schema}.${table} → ${target}!${hint}`;
}

/** Whether one object is embedded, or a list. */
export function isToOne({ cardinality }: Relationship): boolean {
  return cardinality === "many-to-one" || cardinality === "one-to-one";
}

/**
 * What PostgREST makes of the foreign keys: each is a relationship in both directions, and two keys
 * of one table that are both in its primary key make it a join table between their targets.
 * @param exposed schemas that the Data API shows
 */
export function findRelationships(
  keys: readonly ForeignKey[],
  exposed: readonly string[],
): Relationships {
  const unreachable = keys.flatMap((key) => {
    const reason = reasonAgainst(key, exposed);
    return reason === null ? [] : [{ key, reason }];
  });
  const usable = keys.filter((key) => reasonAgainst(key, exposed) === null);
  const found = [...usable.flatMap(bothDirections), ...throughJoinTables(usable)];
  const reachable = found.map((one) => ({
    ...one,
    needsHint: found.filter((other) => connectsTheSame(one, other)).length > 1,
  }));
  return { reachable, unreachable };
}

function reasonAgainst(key: ForeignKey, exposed: readonly string[]): string | null {
  if (!exposed.includes(key.targetSchema)) {
    return `schema ${key.targetSchema} is not exposed by the Data API`;
  }
  if (key.targetSchema !== key.schema) return "an embedding does not leave its schema";
  return null;
}

function bothDirections(key: ForeignKey): Relationship[] {
  const shared = { schema: key.schema, hint: key.name, needsHint: false, key };
  return [
    {
      ...shared,
      table: key.table,
      target: key.targetTable,
      cardinality: key.isUnique ? "one-to-one" : "many-to-one",
      mayBeNull: key.isNullable,
      joins: [{ table: key.targetTable, on: { from: key.columns, to: key.targetColumns } }],
    },
    {
      ...shared,
      table: key.targetTable,
      target: key.table,
      cardinality: key.isUnique ? "one-to-one" : "one-to-many",
      mayBeNull: true,
      joins: [{ table: key.table, on: { from: key.targetColumns, to: key.columns } }],
    },
  ];
}

function throughJoinTables(keys: readonly ForeignKey[]): Relationship[] {
  const parts = keys.filter((key) => key.isPartOfPrimaryKey);
  return parts.flatMap((there) =>
    parts
      .filter(
        (back) => back !== there && back.schema === there.schema && back.table === there.table,
      )
      .map(
        (back): Relationship => ({
          schema: there.schema,
          table: there.targetTable,
          target: back.targetTable,
          cardinality: "many-to-many",
          hint: there.table,
          needsHint: false,
          mayBeNull: false,
          joins: [
            { table: there.table, on: { from: there.targetColumns, to: there.columns } },
            { table: back.targetTable, on: { from: back.columns, to: back.targetColumns } },
          ],
        }),
      ),
  );
}

function connectsTheSame(one: Relationship, other: Relationship): boolean {
  return one.schema === other.schema && one.table === other.table && one.target === other.target;
}

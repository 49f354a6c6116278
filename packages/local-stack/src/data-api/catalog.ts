import { z } from "zod";
import type { QualifiedName } from "./sql-text.ts";

const qualifiedName = z.object({ schema: z.string(), name: z.string() });

export const relationShape = qualifiedName.extend({
  id: z.number(),
  isView: z.boolean(),
  /** An ordinary one: neither a view nor partitioned nor foreign. */
  isTable: z.boolean(),
  columns: z.array(
    z.object({
      name: z.string(),
      number: z.number(),
      type: z.string(),
      default: z.string().nullable(),
    }),
  ),
  keys: z.array(z.object({ isPrimary: z.boolean(), columns: z.array(z.string()) })),
  query: z.string().nullable(),
});
export type Relation = z.infer<typeof relationShape>;

export const foreignKeyShape = z.object({
  name: z.string(),
  table: qualifiedName,
  target: qualifiedName,
  columns: z.array(z.string()),
  targetColumns: z.array(z.string()),
});
export type ForeignKey = z.infer<typeof foreignKeyShape>;

export const routineShape = qualifiedName.extend({
  isSet: z.boolean(),
  /** At most one row comes back: no set, or one declared with `rows 1`. */
  isOneRow: z.boolean(),
  isVoid: z.boolean(),
  isStable: z.boolean(),
  isComposite: z.boolean(),
  settings: z.array(z.string()),
  /** The table or type whose rows it returns. */
  relation: qualifiedName.nullable(),
  /** Names of what `returns table (…)` or out parameters return. */
  fields: z.array(z.string()),
  parameters: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      isRequired: z.boolean(),
      isVariadic: z.boolean(),
      relation: qualifiedName.nullable(),
    }),
  ),
});
export type Routine = z.infer<typeof routineShape>;

export const settingsShape = z.array(z.tuple([z.string(), z.string(), z.string()]));

/** What the Data API knows of the database. */
export interface Catalog {
  relations: Map<string, Relation>;
  foreignKeys: ForeignKey[];
  routines: Routine[];
  /** What `alter role … set …` gave a role, by role and name. */
  setting(role: string, name: string): string | undefined;
}

export function nameId({ schema, name }: QualifiedName): string {
  return JSON.stringify([schema, name]);
}

export function sameName(one: QualifiedName, other: QualifiedName): boolean {
  return one.schema === other.schema && one.name === other.name;
}

export function primaryKeyOf({ keys }: Relation): string[] {
  return keys.find((key) => key.isPrimary)?.columns ?? [];
}

import type { Database, DatabaseClient } from "@sideline/database";
import { type Answer, takeApart } from "../embedded-row.ts";
import { isToOne, type Relationship } from "../relationship.ts";

type Schema = "public" | "pipeline";
type Tables<S extends Schema> = Database[S]["Tables"];
type Row<S extends Schema, T extends keyof Tables<S>> = Tables<S>[T] extends { Row: infer Columns }
  ? Columns
  : never;

interface Embedded<Target> {
  one: Target;
  /** An object that may be missing. */
  maybe: Target | null;
  many: Target[];
}

interface Failed {
  code: string;
}

type Ask<S extends Schema, T extends keyof Tables<S>, Target extends keyof Tables<S>, Kind> = (
  client: DatabaseClient,
) => PromiseLike<{
  data: (Row<S, T> & Record<Target, Kind>)[] | null;
  error: Failed | null;
}>;

/** Queries whose rows have the target's row, one or none, or a list of them under its name. */
export interface Embeds<
  S extends Schema,
  T extends keyof Tables<S>,
  Target extends keyof Tables<S>,
  Kind extends keyof Embedded<unknown>,
> {
  /** Missing where only a hint chooses the relationship. */
  plain?: Ask<S, T, Target, Embedded<Row<S, Target>>[Kind]>;
  hinted: Ask<S, T, Target, Embedded<Row<S, Target>>[Kind]>;
}

/** The same, whatever the rows are. */
export interface Queries {
  plain?: RunQuery;
  hinted: RunQuery;
}

export type RunQuery = (client: DatabaseClient) => PromiseLike<{
  data: Record<string, unknown>[] | null;
  error: Failed | null;
}>;

/** The embedding through supabase-js with the project's types. */
export async function byTypedClient(
  client: DatabaseClient,
  relationship: Relationship,
  query: RunQuery,
): Promise<Answer> {
  const { data, error } = await query(client);
  if (error !== null) return { refusal: error.code };
  return { rows: takeApart(data ?? [], relationship.target, isToOne(relationship)) };
}

import type pg from "pg";
import { namesOwner } from "./owner-condition.ts";

/** What the migrated database can answer for itself. */
export interface DatabaseRule {
  id: string;
  says: string;
  why: string;
  remedy: string;
  /** The comment over the statement that makes the object that may say why not: `-- Word: reason`. */
  unless?: string;
  /** A table of the platform, without which nothing can break it. */
  needs?: string;
  /** The rows that break the rule; a query is given the project's schemas as $1. */
  find: string | ((client: pg.Client, schemas: readonly string[]) => Promise<Row[]>);
}

/** An object, and what is to be said of it. */
export interface Row {
  kind: string;
  name: string;
  fault: string;
  /** Of a policy, as Postgres prints them: it breaks the rule only if one is not the owner's. */
  conditions?: (string | null)[];
}

export async function rowsOf(
  { find, needs }: DatabaseRule,
  client: pg.Client,
  schemas: readonly string[],
): Promise<Row[]> {
  if (needs !== undefined && !(await isThere(client, needs))) return [];
  if (typeof find !== "string") return await find(client, schemas);
  const { rows } = await client.query<Row>(find, [schemas]);
  return rows.filter(({ conditions }) => {
    const said = conditions?.filter((condition) => condition !== null);
    return said === undefined || said.length === 0 || !said.every(namesOwner);
  });
}

async function isThere(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query("select where to_regclass($1) is not null", [table]);
  return rows.length > 0;
}

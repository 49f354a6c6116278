import { createUser } from "@sideline/proving-ground/testing";
import pg from "pg";
import { rowText } from "./embedded-row.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { readForeignKeys } from "./foreign-keys.ts";
import type { Queries } from "./layers/typed-client.ts";
import { findRelationships, type Relationship, type Unreachable } from "./relationship.ts";
import { insertSampleRows } from "./sample-rows.ts";

/** A running stack whose database may be written to. */
export interface Place {
  apiUrl: string;
  /** As role `postgres`. */
  dbUrl: string;
  publishableKey: string;
  secretKey: string;
}

export interface Report {
  exercises: Exercise[];
  unreachable: Unreachable[];
}

/** Schemas that the Data API shows, as `supabase/config.toml` has them. */
export const exposedSchemas = ["public", "pipeline"];

/**
 * Finds every relationship, signs up two users, gives each the sample's rows, and asks for each
 * relationship at every layer. The rows stay behind.
 * @param queries by `relationshipId`: those of typed-queries.ts
 */
export async function exerciseAll(
  place: Place,
  queries: Readonly<Record<string, Queries>>,
): Promise<Report> {
  const sql = new pg.Client({ connectionString: place.dbUrl });
  await sql.connect();
  try {
    const keys = await readForeignKeys(sql, exposedSchemas);
    const { reachable, unreachable } = findRelationships(keys, exposedSchemas);
    const owner = await createUser(place, "owner");
    const stranger = await createUser(place, "stranger");
    await insertSampleRows(sql, owner.userId);
    const before = await rowsOf(sql, reachable);
    await insertSampleRows(sql, stranger.userId);
    const after = await rowsOf(sql, reachable);
    const { apiUrl, publishableKey, secretKey } = place;
    const by = {
      sql,
      service: { apiUrl, key: secretKey },
      owner: {
        apiUrl,
        key: publishableKey,
        accessToken: owner.accessToken,
        userId: owner.userId,
      },
      strangersRows: new Set([...after].filter((text) => !before.has(text))),
      queries,
    };
    const exercises: Exercise[] = [];
    for (const relationship of reachable) exercises.push(await exercise(relationship, by));
    return { exercises, unreachable };
  } finally {
    await sql.end();
  }
}

/** What a migrated database's foreign keys let the Data API embed. */
export async function reachableIn(dbUrl: string): Promise<Relationship[]> {
  const client = new pg.Client({ connectionString: dbUrl });
  await client.connect();
  try {
    return findRelationships(await readForeignKeys(client, exposedSchemas), exposedSchemas)
      .reachable;
  } finally {
    await client.end();
  }
}

/** The texts of all rows of all tables that have a relationship. */
async function rowsOf(sql: pg.Client, relationships: Relationship[]): Promise<Set<string>> {
  const tables = new Set(
    relationships.map(
      ({ schema, table }) => `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`,
    ),
  );
  const texts = new Set<string>();
  for (const table of tables) {
    const { rows } = await sql.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${table} as t`,
    );
    for (const { row } of rows) texts.add(rowText(row));
  }
  return texts;
}

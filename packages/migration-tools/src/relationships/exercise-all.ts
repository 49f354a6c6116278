import pg from "pg";
import { rowText } from "./embedded-row.ts";
import { type Exercise, exercise } from "./exercise.ts";
import { readForeignKeys } from "./foreign-keys.ts";
import type { Place, RelationshipOptions } from "./options.ts";
import { findRelationships, type Relationship, type Unreachable } from "./relationship.ts";
import { signUp } from "./sign-up.ts";

export interface Report {
  exercises: Exercise[];
  unreachable: Unreachable[];
}

/**
 * Finds every relationship, signs up two users, gives each the sample's rows, and asks for each
 * relationship at every layer. The rows stay behind.
 */
export async function exerciseAll(
  schemas: readonly string[],
  { insertSampleRows }: Pick<RelationshipOptions, "insertSampleRows">,
  place: Place,
): Promise<Report> {
  const sql = new pg.Client({ connectionString: place.dbUrl });
  await sql.connect();
  try {
    const keys = await readForeignKeys(sql, schemas);
    const { reachable, unreachable } = findRelationships(keys, schemas);
    const owner = await signUp(place, "owner");
    const stranger = await signUp(place, "stranger");
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
    };
    const exercises: Exercise[] = [];
    for (const relationship of reachable) exercises.push(await exercise(relationship, by));
    return { exercises, unreachable };
  } finally {
    await sql.end();
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

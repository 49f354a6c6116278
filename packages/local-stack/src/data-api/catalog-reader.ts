import { z } from "zod";
import type { Queries, Sql } from "../sql/sql.ts";
import {
  type Catalog,
  foreignKeyShape,
  relationShape,
  routineShape,
  settingsShape,
} from "./catalog.ts";
import * as queries from "./catalog-queries.ts";
import { withViews } from "./view-keys.ts";

/** @param sql any role may read the catalog */
export async function readCatalog(sql: Sql, schemas: readonly string[]): Promise<Catalog> {
  return await sql.begin(async (tx) => {
    // Types and defaults are then printed with their schemas.
    await tx.run("set local search_path = ''");
    return await read(tx, schemas);
  });
}

async function read(sql: Queries, schemas: readonly string[]): Promise<Catalog> {
  const ask = async (query: string, values: unknown[] = []): Promise<unknown> => {
    const { rows } = await sql.run<{ document: string }>(query, values);
    return JSON.parse(rows[0]?.document ?? "null");
  };
  const relations = z.array(relationShape).parse(await ask(queries.relationsQuery));
  const keys = z.array(foreignKeyShape).parse(await ask(queries.foreignKeysQuery));
  const routines = z.array(routineShape).parse(await ask(queries.routinesQuery, [schemas]));
  const given = new Map(
    settingsShape
      .parse(await ask(queries.settingsQuery))
      .map(([role, name, value]) => [JSON.stringify([role, name]), value]),
  );
  return {
    ...withViews(relations, keys),
    routines,
    setting: (role, name) => given.get(JSON.stringify([role, name])),
  };
}

import { readFile } from "node:fs/promises";
import pg from "pg";
import { readForeignKeys } from "../relationships/foreign-keys.ts";
import { findRelationships, type Relationships } from "../relationships/relationship.ts";
import { readMigrationTexts } from "../verify/history.ts";
import { migrationComments } from "./migration-comments.ts";

interface InTable {
  schema: string;
  table: string;
  name: string;
}

export interface Column {
  name: string;
  type: string;
  isNullable: boolean;
  /** An expression, or `identity`. */
  default: string | null;
  comment: string | null;
}

export interface Table {
  schema: string;
  name: string;
  comment: string | null;
  hasRowSecurity: boolean;
  columns: Column[];
}

export interface View {
  schema: string;
  name: string;
  comment: string | null;
  columns: { name: string; type: string }[];
  /** Whether the reader's rights and policies count, not the owner's. */
  isInvoker: boolean;
}

export interface Constraint extends InTable {
  /** Primary key, unique, foreign key or check. */
  kind: "p" | "u" | "f" | "c";
  definition: string;
  columns: string[] | null;
}

export interface Domain {
  schema: string;
  name: string;
  type: string;
  comment: string | null;
  /** Null where it has none. */
  rules: { name: string; definition: string }[] | null;
}

export interface Index extends InTable {
  isUnique: boolean;
  definition: string;
}

export interface Policy extends InTable {
  command: string;
  roles: string[];
  using: string | null;
  withCheck: string | null;
}

export interface Trigger extends InTable {
  definition: string;
}

export interface DatabaseFunction {
  schema: string;
  name: string;
  arguments: string;
  returns: string;
  isDefiner: boolean;
  volatility: string;
  comment: string | null;
  /** Roles beside the owner. */
  executors: string[];
}

export interface Grant {
  schema: string;
  table: string;
  role: string;
  privilege: string;
  /** Null where all columns are meant. */
  columns: string[] | null;
}

export interface Bucket {
  name: string;
  isPublic: boolean;
  bytes: number | null;
  mediaTypes: string[] | null;
}

/** What the page tells, as the database has it. */
export interface Catalogue {
  tables: Table[];
  views: View[];
  domains: Domain[];
  constraints: Constraint[];
  indexes: Index[];
  policies: Policy[];
  triggers: Trigger[];
  functions: DatabaseFunction[];
  grants: Grant[];
  /** Tables whose changes Realtime sends. */
  published: { schema: string; table: string }[];
  buckets: Bucket[];
  relationships: Relationships;
}

/** @param dbUrl of a migrated database, as role `postgres` */
export async function readCatalogue(
  { directory, schemas }: { directory: string; schemas: readonly string[] },
  dbUrl: string,
): Promise<Catalogue> {
  const texts = await readMigrationTexts(directory);
  const comments = migrationComments(texts.map(({ text }) => text));
  const client = new pg.Client({ connectionString: dbUrl });
  await client.connect();
  const read = async <Row extends object>(file: string): Promise<Row[]> => {
    const text = await readFile(new URL(`queries/${file}.sql`, import.meta.url), "utf8");
    return (await client.query<Row>(text, [schemas])).rows;
  };
  try {
    const keys = await readForeignKeys(client, schemas);
    return {
      tables: await read("tables"),
      views: await read("views"),
      domains: await read("domains"),
      constraints: await read("constraints"),
      indexes: await read("indexes"),
      policies: await read("policies"),
      triggers: await read("triggers"),
      functions: withComments(await read<DatabaseFunction>("functions"), comments),
      grants: await read("grants"),
      published: await read("published"),
      buckets: await read("buckets"),
      relationships: findRelationships(keys, schemas),
    };
  } finally {
    await client.end();
  }
}

/** Functions that the database has no comment on have the one above them in their migration. */
function withComments(
  functions: DatabaseFunction[],
  comments: ReadonlyMap<string, string>,
): DatabaseFunction[] {
  return functions.map((one) => ({
    ...one,
    comment: one.comment ?? comments.get(`${one.schema}.${one.name}`) ?? null,
  }));
}

export function fullName({ schema, name }: { schema: string; name: string }): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

/** Those of `items` that belong to a table or view. */
export function ofTable<Item extends { schema: string; table: string }>(
  items: readonly Item[],
  { schema, name }: { schema: string; name: string },
): Item[] {
  return items.filter((item) => item.schema === schema && item.table === name);
}

import pg from "pg";
import type { Scope } from "../../project.ts";
import { compareSchemas } from "../../snapshot/compare-schemas.ts";
import { readSchemaHere } from "../../snapshot/read-schema.ts";
import type { SchemaObject } from "../../snapshot/schema-object.ts";
import type { Finding } from "../finding.ts";
import { lineAndColumn } from "../source/places.ts";
import type { SourceFile } from "../source/source-file.ts";

/** For the documentation: what trying a file shows. */
export const triedRules = [
  {
    id: "applies",
    says: "A migration applies to the database that those before it make, and its undo to what it makes.",
    why: "Statements in the wrong order, objects made twice and guessed columns fail here instead of in production.",
  },
  {
    id: "rollback-undoes",
    says: "A rollback leaves the database as it was before its migration.",
    why: "What stays behind makes the migration fail when it is applied again.",
  },
];

/** Applies a file within the caller's transaction. What Postgres refuses is a finding. */
export async function apply(client: pg.Client, file: SourceFile): Promise<Finding[]> {
  await client.query("savepoint draft");
  try {
    await client.query(file.text);
    await client.query("release savepoint draft");
    return [];
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    await client.query("rollback to savepoint draft");
    const problem = `PostgreSQL refuses it: ${error.message}.`;
    const remedy = error.hint ?? error.detail ?? "Mend the statement, or make first what it needs.";
    const offset = Math.max(Number(error.position ?? 1) - 1, 0);
    return [found(file, "applies", offset, problem, remedy)];
  }
}

/** Applies an undo and takes it back again; what it leaves has to be what was there `before`. */
export async function undo(
  client: pg.Client,
  file: SourceFile,
  before: SchemaObject[],
  scope: Scope,
): Promise<Finding[]> {
  const words = { missing: "is missing", unexpected: "is still there", changed: "is another" };
  await client.query("savepoint undo");
  const refused = await apply(client, file);
  const left = refused.length > 0 ? before : await schemaIn(client, scope);
  await client.query("rollback to savepoint undo");
  const faults = compareSchemas(before, left).map(({ kind, name, change }) =>
    found(
      file,
      "rollback-undoes",
      file.statements[0]?.start ?? 0,
      `The ${kind} ${name} ${words[change]} after the undo.`,
      "Take away what the migration makes, and make again what it takes away.",
    ),
  );
  return [...refused, ...faults];
}

/** The schema as the transaction sees it, which keeps its search path. */
export async function schemaIn(client: pg.Client, scope: Scope): Promise<SchemaObject[]> {
  await client.query("savepoint reading");
  const schema = await readSchemaHere(client, scope);
  await client.query("rollback to savepoint reading");
  return schema;
}

function found(
  { path, text }: SourceFile,
  rule: string,
  offset: number,
  problem: string,
  remedy: string,
): Finding {
  return { file: path, ...lineAndColumn(text, offset), rule, problem, remedy };
}

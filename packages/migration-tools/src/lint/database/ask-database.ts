import type pg from "pg";
import { readSchemaHere } from "../../snapshot/read-schema.ts";
import { originOf } from "../../verify/origin.ts";
import type { Finding } from "../finding.ts";
import { lineAndColumn } from "../source/places.ts";
import { commentAbove, type SourceFile } from "../source/source-file.ts";
import { type DatabaseRule, type Row, rowsOf } from "./database-rule.ts";
import { databaseRules } from "./rules.ts";

/**
 * Asks a migrated database for what breaks the rules. Inside the caller's transaction, so that it
 * sees what is not committed.
 * @param files the migrations, to lead each finding to the statement that makes the object
 */
export async function askDatabase(
  client: pg.Client,
  schemas: readonly string[],
  files: SourceFile[],
  rules: DatabaseRule[] = databaseRules,
): Promise<Finding[]> {
  await client.query("savepoint asking");
  // It leaves an empty path, with which Postgres prints every name with its schema.
  const objects = await readSchemaHere(client, { schemas, jobs: "" });
  const findings: Finding[] = [];
  for (const rule of rules) {
    for (const row of await rowsOf(rule, client, schemas, objects)) {
      if (!isExcused(row, rule, files)) findings.push(findingAt(row, rule, files));
    }
  }
  await client.query("rollback to savepoint asking");
  return findings;
}

function isExcused(row: Row, { unless }: DatabaseRule, files: SourceFile[]): boolean {
  const origin = unless === undefined ? null : originOf(row, files);
  if (origin === null) return false;
  return new RegExp(`^${unless}: \\S`, "m").test(commentAbove(origin.file.text, origin.offset));
}

/** A finding about an object, at the statement that makes it. */
export function findingAt(
  { kind, name, fault }: Row,
  { id, remedy }: { id: string; remedy: string },
  files: SourceFile[],
): Finding {
  const origin = originOf({ kind, name }, files) ?? originOfWhole({ kind, name }, files);
  return {
    file: origin?.file.path ?? "supabase/migrations",
    ...(origin ? lineAndColumn(origin.file.text, origin.offset) : { line: 1, column: 1 }),
    rule: id,
    problem: `The ${kind} ${name} ${fault}.`,
    remedy,
  };
}

/** What nobody has granted came with the object. */
function originOfWhole({ kind, name }: Pick<Row, "kind" | "name">, files: SourceFile[]) {
  const [, what = "", whole = ""] = /^(\w+) (.+) to \w+$/.exec(kind === "grant" ? name : "") ?? [];
  return originOf({ kind: what, name: whole }, files);
}

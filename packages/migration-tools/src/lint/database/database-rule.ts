import type pg from "pg";
import type { SchemaObject } from "../../snapshot/schema-object.ts";
import { namesOwner } from "./owner-condition.ts";

interface Words {
  id: string;
  says: string;
  why: string;
  remedy: string;
  /** The comment over the statement that makes the object that may say why not: `-- Word: reason`. */
  unless?: string;
}

/** What an object of the schema tells of itself. */
export interface ObjectRule extends Words {
  /** The end of a sentence about the object; null where it keeps the rule. */
  faultOf(object: SchemaObject): string | null;
}

/** What takes a query of its own. */
export interface QueryRule extends Words {
  /** The rows that break the rule; a query is given the project's schemas as $1. */
  find: string | ((client: pg.Client, schemas: readonly string[]) => Promise<Row[]>);
}

/** What the migrated database can answer for itself. */
export type DatabaseRule = ObjectRule | QueryRule;

/** An object, and what is to be said of it. */
export interface Row {
  kind: string;
  name: string;
  fault: string;
  /** Of a policy, as Postgres prints them: it breaks the rule only if one is not the owner's. */
  conditions?: (string | null)[];
}

export async function rowsOf(
  rule: DatabaseRule,
  client: pg.Client,
  schemas: readonly string[],
  objects: readonly SchemaObject[],
): Promise<Row[]> {
  if ("faultOf" in rule) {
    return objects.flatMap((object) => {
      const fault = rule.faultOf(object);
      return fault === null ? [] : [{ kind: object.kind, name: object.name, fault }];
    });
  }
  if (typeof rule.find !== "string") return await rule.find(client, schemas);
  const { rows } = await client.query<Row>(rule.find, [schemas]);
  return rows.filter(({ conditions }) => {
    const said = conditions?.filter((condition) => condition !== null);
    return said === undefined || said.length === 0 || !said.every(namesOwner);
  });
}

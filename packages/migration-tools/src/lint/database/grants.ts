import type pg from "pg";
import { readSchemaHere } from "../../snapshot/read-schema.ts";
import type { SchemaObject } from "../../snapshot/schema-object.ts";
import type { DatabaseRule, Row } from "./database-rule.ts";

export const grantedByName: DatabaseRule = {
  id: "granted-by-name",
  says: "Nothing of the project is granted to `public`, to be passed on, or to users by default privileges.",
  why: "PostgreSQL lets everybody execute a new function, and a default decides about what nobody has thought of yet.",
  remedy:
    "Revoke all from public, anon and authenticated where it is made, then grant each privilege by name.",
  find: (client, schemas) => rightsThat(client, schemas, wholesale),
};

export const anonHasReason: DatabaseRule = {
  id: "anon-has-reason",
  says: "What `anon` may do is granted under a line `-- Anon: reason`.",
  why: "Whoever has the publishable key may do it; projects differ in what they grant by default.",
  remedy: "Revoke all from anon where it is made, or say over the grant why not: -- Anon: reason.",
  unless: "Anon",
  find: (client, schemas) =>
    rightsThat(client, schemas, ({ kind, name }) =>
      kind === "grant" && name.endsWith(" to anon") ? "is for whoever comes" : null,
    ),
};

async function rightsThat(
  client: pg.Client,
  schemas: readonly string[],
  faultOf: (right: SchemaObject) => string | null,
): Promise<Row[]> {
  const objects = await readSchemaHere(client, { schemas, jobs: "" });
  return objects.flatMap((right) => {
    const fault = isPlatforms(right) ? null : faultOf(right);
    return fault === null ? [] : [{ kind: right.kind, name: right.name, fault }];
  });
}

/** Everybody may use types, and schema public. */
function isPlatforms({ kind, name }: SchemaObject): boolean {
  return kind === "grant" && /^(type |schema public )/.test(name);
}

function wholesale({ kind, name, definition }: SchemaObject): string | null {
  if (kind === "default privileges") {
    // PostgreSQL's own, against which each migration revokes.
    if (/^(functions|types) made by \w+ to public$/.test(name)) return null;
    return / to (public|anon|authenticated)$/.test(name)
      ? "decide about what is yet to come"
      : null;
  }
  if (kind !== "grant") return null;
  if (definition.includes("with grant option")) return "may be passed on";
  return name.endsWith(" to public") ? "is for everybody, anon too" : null;
}

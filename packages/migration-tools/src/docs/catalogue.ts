import { withConnection } from "../connection/connect.ts";
import type { Project } from "../project.ts";
import { readForeignKeys } from "../relationships/foreign-keys.ts";
import { findRelationships, type Relationships } from "../relationships/relationship.ts";
import { readSchema } from "../snapshot/read-schema.ts";
import type { SchemaObject } from "../snapshot/schema-object.ts";
import { readMigrationTexts } from "../verify/history.ts";
import { code } from "./markdown.ts";
import { migrationComments } from "./migration-comments.ts";

/** What the page tells: the schema as `verify` compares it, and what lies around it. */
export interface Catalogue {
  objects: SchemaObject[];
  relationships: Relationships;
  /** By `schema.name`, what migrations say over their functions. */
  comments: ReadonlyMap<string, string>;
}

/** @param dbUrl of a migrated database, as role `postgres` */
export async function readCatalogue(
  project: Pick<Project, "directory" | "schemas" | "jobs">,
  dbUrl: string,
): Promise<Catalogue> {
  const texts = await readMigrationTexts(project.directory);
  return await withConnection(dbUrl, async (client) => {
    const keys = await readForeignKeys(client, project.schemas);
    return {
      objects: await readSchema(client, project),
      relationships: findRelationships(keys, project.schemas),
      comments: migrationComments(texts.map(({ text }) => text)),
    };
  });
}

/** Those of one kind, schema public first. */
export function ofKind({ objects }: Catalogue, kind: string): SchemaObject[] {
  const key = ({ name }: SchemaObject) => `${name.startsWith("public.") ? 0 : 1} ${name}`;
  return objects
    .filter((object) => object.kind === kind)
    .toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** Those of one kind that belong to another object, in the catalogue's order. */
export function partsOf({ objects }: Catalogue, whole: SchemaObject, kind: string) {
  const parent = `${whole.kind} ${whole.name}`;
  return objects.filter((object) => object.kind === kind && object.parent === parent);
}

/** What an object's definition says under a word; null where it says nothing. */
export function told({ definition }: SchemaObject, word: string): string | null {
  // A comment may have several lines: it ends where the next word or the statement begins.
  const value =
    word === "comment" ? "[\\s\\S]*?(?=\\n[a-z ]+: |\\n ?[A-Z]{2,} |$(?![\\s\\S]))" : ".*$";
  const found = new RegExp(`^${word}: (${value})`, "m").exec(definition)?.[1];
  return found?.replaceAll(/\s*\n\s*/g, " ") ?? null;
}

/** `public.jobs` → `jobs`; `"owners read" on public.jobs` → `owners read`. */
export function shortName({ name }: SchemaObject): string {
  const own = name.replace(/ on [\w."]+$/, "");
  return own.replace(/^public\./, "").replaceAll('"', "");
}

/** A line for each role beside the owner: its rights to the whole, and to some columns. */
export function grantLines({ objects }: Catalogue, { kind, name }: SchemaObject): string[] {
  const rights = new Map<string, Map<string, string[]>>();
  const pattern = new RegExp(
    `^(?:${kind} ${escaped(name)}|column ${escaped(name)}\\.(\\w+)) to (\\w+)$`,
  );
  for (const grant of objects.filter((object) => object.kind === "grant")) {
    const [, column, role = ""] = pattern.exec(grant.name) ?? [];
    if (role === "" || role === "postgres") continue;
    const ofRole = rights.get(role) ?? new Map<string, string[]>();
    rights.set(role, ofRole);
    for (const right of grant.definition.split(", ")) {
      ofRole.set(right, [...(ofRole.get(right) ?? []), ...(column === undefined ? [] : [column])]);
    }
  }
  return [...rights].sort().map(([role, ofRole]) => {
    const whole = [...ofRole].flatMap(([right, columns]) => (columns.length === 0 ? [right] : []));
    const some = [...ofRole].flatMap(([right, columns]) =>
      columns.length === 0 ? [] : [`${right} of ${columns.map(code).join(", ")}`],
    );
    return `${role}: ${[whole.join(", "), ...some].filter(Boolean).join("; ")}`;
  });
}

function escaped(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

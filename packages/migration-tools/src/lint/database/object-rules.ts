import type { SchemaObject } from "../../snapshot/schema-object.ts";
import type { ObjectRule } from "./database-rule.ts";

/** Rules that each object of the schema keeps or breaks by itself. */
export const objectRules: ObjectRule[] = [
  {
    id: "commented",
    says: "Every table, view and column has a comment.",
    why: "Studio, the generated documentation and the types show it; the code of a migration nobody reads.",
    remedy: "Add: comment on … is 'What it means.';",
    faultOf({ kind, name, definition }) {
      if (!["table", "view", "column"].includes(kind) || isPlatforms(name)) return null;
      if (!/^comment: /m.test(definition)) return "has no comment";
      return /^columns: (.*; )?\w+: (;|$)/m.test(definition)
        ? "has a column without comment"
        : null;
    },
  },
  {
    id: "row-security",
    says: "Every table has row level security, or `-- Open: reason` over the statement that makes it.",
    why: "A table of an exposed schema without it is open to whoever holds the publishable key and a grant.",
    remedy: "Add: alter table … enable row level security;",
    unless: "Open",
    faultOf: ({ kind, definition }) =>
      kind === "table" && /^row level security: disabled/m.test(definition)
        ? "has no row level security"
        : null,
  },
  {
    id: "granted-by-name",
    says: "Nothing of the project is granted to `public`, to be passed on, or to users by default privileges.",
    why: "PostgreSQL lets everybody execute a new function, and a default decides about what nobody has thought of yet.",
    remedy:
      "Revoke all from public, anon and authenticated where it is made, then grant each privilege by name.",
    faultOf: wholesale,
  },
  {
    id: "anon-has-reason",
    says: "What `anon` may do is granted under a line `-- Anon: reason`.",
    why: "Whoever has the publishable key may do it; projects differ in what they grant by default.",
    remedy:
      "Revoke all from anon where it is made, or say over the grant why not: -- Anon: reason.",
    unless: "Anon",
    faultOf: (object) =>
      isGrant(object) && object.name.endsWith(" to anon") ? "is for whoever comes" : null,
  },
  {
    id: "policy-for-role",
    says: "A policy names its roles, and never `public`.",
    why: "Without `to` a policy is evaluated for every role there is, `anon` among them.",
    remedy: "Say to which roles: for select to authenticated.",
    faultOf: ({ kind, definition }) =>
      kind === "policy" && /^to (.*, )?public(,|$)/m.test(definition)
        ? "is for every role there is"
        : null,
  },
  {
    id: "view-runs-as-caller",
    says: "Every view has `security_invoker = true`.",
    why: "Without it a view reads with its owner's rights, past the policies of the tables below it.",
    remedy: "Write: create view … with (security_invoker = true) as …",
    faultOf: ({ kind, definition }) =>
      kind === "view" && !/^options: .*security_invoker=(true|on|1)/m.test(definition)
        ? "reads with its owner's rights, past all policies"
        : null,
  },
  {
    id: "function-search-path",
    says: "Every function has `set search_path = ''`, or a body that is bound when it is made.",
    why: "Otherwise its caller decides which tables and functions it means.",
    remedy: "Add set search_path = '' and write the schema before every name.",
    faultOf({ kind, definition }) {
      if (kind !== "function" && kind !== "procedure") return null;
      const [head = "", body] = definition.split(/^AS /m);
      const path = /^ SET search_path TO (.*)$/m.exec(head)?.[1];
      const isSafe = path === undefined ? body === undefined : path === "''";
      return isSafe ? null : "means by a name what its caller's search path says";
    },
  },
  {
    id: "bucket-private",
    says: "A bucket is private, or has `-- Open: reason` over the statement that makes it.",
    why: "Whoever has the address of a file in a public bucket reads it, past every policy.",
    remedy: "Set public to false and hand out signed addresses, or say why not: -- Open: reason.",
    unless: "Open",
    faultOf: ({ kind, definition }) =>
      kind === "bucket" && /^public$/m.test(definition) ? "can be read by everybody" : null,
  },
];

function isPlatforms(name: string): boolean {
  return /^(storage|realtime)\./.test(name);
}

/** Everybody may use types, and schema public. */
function isGrant({ kind, name }: SchemaObject): boolean {
  return kind === "grant" && !/^(type |schema public )/.test(name);
}

function wholesale(object: SchemaObject): string | null {
  const { kind, name, definition } = object;
  // PostgreSQL's own defaults, against which each migration revokes.
  const isBuiltIn = /^(functions|types) made by \w+ to public$/.test(name);
  if (kind === "default privileges" && !isBuiltIn) {
    return / to (public|anon|authenticated)$/.test(name)
      ? "decide about what is yet to come"
      : null;
  }
  if (!isGrant(object)) return null;
  if (definition.includes("with grant option")) return "may be passed on";
  return name.endsWith(" to public") ? "is for everybody, anon too" : null;
}

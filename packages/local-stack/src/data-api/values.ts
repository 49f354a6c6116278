import type { AnyAST, IntrospectResult } from "@supabase/lite";
import { type RawBuilder, sql } from "kysely";

/**
 * Makes the values of a request reach Postgres as PostgREST's do: each as the text of its JSON
 * value, to be read by the type of its column or argument. Left alone, the library guesses types
 * from values: it stores the JSON string `'{"a":1}'` as an object, encodes JSON arguments twice,
 * and fails on `true` for a jsonb column.
 */
export function typeValues(request: AnyAST, introspection: IntrospectResult): AnyAST {
  switch (request.type) {
    case "rpc":
      return typeArguments(request, introspection);
    case "insert":
    case "update":
    case "upsert":
    case "put":
      return typeRows(request, introspection);
    default:
      return request;
  }
}

function typeRows(request: AnyAST, introspection: IntrospectResult): AnyAST {
  const { from, values, $meta } = request;
  const schema = request.schema ?? introspection.default_schema ?? "public";
  const types = new Map(
    introspection.columns
      .filter((column) => column.table === from && column.schema === schema)
      .map((column) => [column.name, column.pg_type ?? column.type]),
  );
  // The library compares these itself, with the address or with existing rows.
  const plain = new Set(
    request.onConflict ??
      (request.type === "put" || request.type === "upsert"
        ? introspection.primary_keys.find((key) => key.table === from && key.schema === schema)
            ?.columns
        : []),
  );
  const missing = request.type === "update" ? undefined : ($meta?.missing ?? "null");

  const typeRow = (row: object): object => {
    if (row === null || typeof row !== "object" || Array.isArray(row)) return row;
    const typed: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(row)) {
      const type = types.get(name);
      const isPlain = plain.has(name) && (typeof value === "string" || typeof value === "number");
      typed[name] = type === undefined || isPlain ? value : column(value, type);
    }
    for (const name of missing === undefined ? [] : ($meta?.columns ?? [])) {
      if (name in typed || !types.has(name)) continue;
      typed[name] = missing === "default" ? sql`default` : null;
    }
    return typed;
  };
  if (values === undefined || values === null) return request;
  return { ...request, values: Array.isArray(values) ? values.map(typeRow) : typeRow(values) };
}

function column(value: unknown, type: string): RawBuilder<unknown> | null {
  return value === null || value === undefined ? null : sql`${valueText(value, type)}`;
}

function typeArguments(request: AnyAST, introspection: IntrospectResult): AnyAST {
  const { args } = request;
  // Arguments in an address are texts already.
  if (request.httpMethod === "GET" || args === undefined || Array.isArray(args)) return request;
  const schema = request.schema ?? introspection.default_schema ?? "public";
  const given = Object.keys(args);
  const callee = introspection.functions?.find(
    (candidate) =>
      candidate.schema === schema &&
      candidate.name === request.function &&
      !candidate.has_variadic &&
      given.every((name) => candidate.arg_names.includes(name)),
  );
  if (callee === undefined) return request;
  const typed = Object.entries(args).map(([name, value]) => {
    const type = callee.arg_types[callee.arg_names.indexOf(name)];
    return [name, value === null || type === undefined ? value : valueText(value, type)];
  });
  return { ...request, args: Object.fromEntries(typed) };
}

/**
 * A JSON value as the text that Postgres reads as `type`.
 * @param type as in the catalog (`_int4`, `jsonb`) or as written (`integer[]`)
 */
export function valueText(value: unknown, type: string): string {
  if (/^jsonb?$/.test(type)) return JSON.stringify(value);
  if (typeof value === "string") return value;
  const element = elementType(type);
  if (Array.isArray(value) && element !== undefined) return arrayText(value, element);
  return JSON.stringify(value);
}

function arrayText(values: unknown[], element: string): string {
  const isJson = /^jsonb?$/.test(element);
  const items = values.map((value) => {
    if (value === null) return "NULL";
    if (Array.isArray(value) && !isJson) return arrayText(value, element);
    return `"${valueText(value, element).replace(/[\\"]/g, "\\$&")}"`;
  });
  return `{${items.join(",")}}`;
}

function elementType(type: string): string | undefined {
  if (type.startsWith("_")) return type.slice(1);
  return type.endsWith("[]") ? type.slice(0, -2) : undefined;
}

import { z } from "zod";
import { ApiError } from "../api-error.ts";

interface Schema {
  type?: string | string[] | undefined;
  nullable?: boolean | undefined;
  enum?: unknown[] | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
}

const schemaShape: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    nullable: z.boolean().optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), schemaShape).optional(),
    required: z.array(z.string()).optional(),
    items: schemaShape.optional(),
    anyOf: z.array(schemaShape).optional(),
  }),
);

/**
 * Cuts `value` to what the request's response schema allows, as the real service's constrained
 * decoding would: other properties are left out, a value outside an `enum` becomes its nearest
 * harmless one. Types may be written in lower or upper case. Throws 400 when the schema demands
 * something that was not measured: nothing is made up to please it.
 */
export function fitToSchema(value: unknown, schema: unknown): unknown {
  if (schema === undefined || schema === null) return value;
  const parsed = schemaShape.safeParse(schema);
  if (!parsed.success) {
    throw new ApiError(400, `Invalid response schema: ${z.prettifyError(parsed.error)}`);
  }
  return fit(value, parsed.data, "$");
}

function fit(value: unknown, schema: Schema, path: string): unknown {
  const types = typesOf(schema);
  if (value === undefined || value === null) {
    if (types.has("null") || types.size === 0) return null;
    throw unmet(path);
  }
  const choices = schema.anyOf?.filter((choice) => accepts(choice, value)) ?? [];
  if (schema.anyOf !== undefined) {
    const choice = choices[0];
    if (choice === undefined) throw unmet(path);
    return fit(value, choice, path);
  }
  if (!accepts(schema, value)) throw unmet(path);
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const neutral = schema.enum.find((option) => option === "other" || option === "general");
    return neutral ?? schema.enum.at(-1);
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? value
      : value.map((item, index) => fit(item, items, `${path}[${index}]`));
  }
  if (isObject(value) && schema.properties !== undefined) return fitObject(value, schema, path);
  return types.has("integer") && typeof value === "number" ? Math.round(value) : value;
}

function fitObject(value: Record<string, unknown>, schema: Schema, path: string): unknown {
  const required = new Set(schema.required ?? []);
  const result: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isThere = value[name] !== undefined && value[name] !== null;
    if (isThere || required.has(name)) result[name] = fit(value[name], property, `${path}.${name}`);
    else if (typesOf(property).has("null")) result[name] = null;
  }
  return result;
}

/** Lower-case type names; "null" among them when null is allowed. */
function typesOf(schema: Schema): Set<string> {
  const own = schema.type === undefined ? [] : [schema.type].flat();
  const names = new Set(own.map((name) => name.toLowerCase()));
  for (const choice of schema.anyOf ?? []) for (const name of typesOf(choice)) names.add(name);
  if (schema.nullable === true) names.add("null");
  return names;
}

function accepts(schema: Schema, value: unknown): boolean {
  const types = typesOf(schema);
  if (types.size === 0) return true;
  if (Array.isArray(value)) return types.has("array");
  if (typeof value === "number") return types.has("number") || types.has("integer");
  return types.has(typeof value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function unmet(path: string): ApiError {
  return new ApiError(
    400,
    `The response schema demands ${path}, which the offline model cannot give.`,
  );
}

import type { z } from "zod";
import type { StorageContext } from "./context.ts";
import { invalidRequest } from "./errors.ts";

/** The JSON body of a request, checked. An empty body counts as `{}`. */
export async function parseBody<Schema extends z.ZodType>(c: StorageContext, schema: Schema) {
  return check("body", schema, readJson(await c.req.text()));
}

/** The query parameters of a request, checked. */
export function parseQuery<Schema extends z.ZodType>(c: StorageContext, schema: Schema) {
  return check("querystring", schema, c.req.query());
}

function check<Schema extends z.ZodType>(part: string, schema: Schema, value: unknown) {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidRequest(`${part}/${issue?.path.join("/")} ${issue?.message}`);
}

function readJson(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw invalidRequest("The body is not valid JSON");
  }
}

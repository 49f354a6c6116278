import type { z } from "zod";
import type { StorageContext } from "./context.ts";
import { invalidRequest } from "./errors.ts";

/** The JSON body of a request, checked. An empty body counts as `{}`. */
export async function parseBody<Schema extends z.ZodType>(
  c: StorageContext,
  schema: Schema,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(readJson(await c.req.text()));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidRequest(`body/${issue?.path.join("/")} ${issue?.message}`);
}

function readJson(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw invalidRequest("The body is not valid JSON");
  }
}

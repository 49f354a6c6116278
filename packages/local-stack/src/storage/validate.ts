import type { z } from "zod";
import { invalidRequest } from "./errors.ts";

type Issue = z.core.$ZodIssue;

/**
 * Checks what a request says as hosted's validator does: a value of another type is read as the
 * wanted one where that is possible, and refusals have its sentences.
 */
export function check<Schema extends z.ZodType>(
  part: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const root = { value: structuredClone(value) };
  for (;;) {
    const parsed = schema.safeParse(root.value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    if (issue === undefined) throw invalidRequest(`${part} is invalid`);
    const { holder, key } = placeOf(root, issue.path);
    const read = issue.code === "invalid_type" ? readAs(issue.expected, holder[key]) : undefined;
    if (read === undefined) throw invalidRequest(sentence(part, issue, holder[key]));
    // Never the same issue twice: what was read has the type that was wanted.
    holder[key] = read;
  }
}

function placeOf(root: { value: unknown }, path: Issue["path"]) {
  let holder: Record<PropertyKey, unknown> = root;
  let key: PropertyKey = "value";
  for (const step of path) {
    holder = Object(holder[key]);
    key = step;
  }
  return { holder, key };
}

/** Undefined where it cannot be. */
function readAs(type: string, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (type === "array") return typeof value === "object" ? undefined : [value];
  if (typeof value === "object" && value !== null) return undefined;
  if (type === "string" && typeof value !== "string") return value === null ? "" : String(value);
  if (type === "boolean") {
    if (value === "true" || value === 1) return true;
    return value === "false" || value === 0 || value === null ? false : undefined;
  }
  if (!/^(number|int)$/.test(type) || typeof value === "number" || value === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function sentence(part: string, issue: Issue, value: unknown): string {
  const at = [part, ...issue.path].join("/");
  if (value === undefined && issue.path.length > 0) {
    const parent = [part, ...issue.path.slice(0, -1)].join("/");
    return `${parent} must have required property '${String(issue.path.at(-1))}'`;
  }
  switch (issue.code) {
    case "invalid_type":
      return `${at} must be ${/^(int|number)$/.test(issue.expected) ? "integer" : issue.expected}`;
    case "invalid_value":
      return `${at} must be equal to one of the allowed values`;
    case "too_small":
      if (issue.origin === "array") return `${at} must NOT have fewer than ${issue.minimum} items`;
      // Of whole numbers more than 0 are at least 1.
      return `${at} must be >= ${Number(issue.minimum) + (issue.inclusive === false ? 1 : 0)}`;
    case "too_big":
      return issue.origin === "array"
        ? `${at} must NOT have more than ${issue.maximum} items`
        : `${at} must be <= ${issue.maximum}`;
    default:
      return `${at} ${issue.message}`;
  }
}

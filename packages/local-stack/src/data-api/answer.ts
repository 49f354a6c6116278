import { z } from "zod";
import { Refusal } from "./errors.ts";
import type { Outcome } from "./execute.ts";
import type { Operation } from "./operation.ts";
import type { Media, Preferences } from "./preferences.ts";

const headerList = z.array(z.record(z.string(), z.string()));

/** The answer to what was done. @throws Refusal where the outcome is not what was asked for */
export function answer(
  operation: Operation,
  outcome: Outcome,
  media: Media,
  preferences: Preferences,
  method: string,
): Response {
  const { page, total } = outcome;
  const { maxAffected, isStrict } = preferences;
  if (isStrict && maxAffected !== null && operation.kind !== "read" && page > maxAffected) {
    throw new Refusal(400, {
      code: "PGRST124",
      message: "Query result exceeds max-affected preference constraint",
      details: `The query affects ${page} rows`,
    });
  }
  const isEmpty = !isRead(operation) && preferences.return !== "representation";
  if (media.kind === "object" && !isEmpty && page !== 1 && operation.shape === "rows") {
    throw new Refusal(406, {
      code: "PGRST116",
      message: "Cannot coerce the result to a single JSON object",
      details: `The result contains ${page} rows`,
    });
  }
  const { offset } = operation;
  if (operation.kind === "read" && total !== null && offset > total) {
    throw new Refusal(416, {
      code: "PGRST103",
      message: "Requested range not satisfiable",
      details: `An offset of ${offset} was requested, but there are only ${total} rows.`,
    });
  }
  const headers = new Headers({ "content-type": media.contentType });
  headers.set("content-range", contentRange(operation, outcome));
  const applied = appliedPreferences(operation, preferences);
  if (applied !== "") headers.set("preference-applied", applied);
  for (const pair of outcome.headers === null
    ? []
    : headerList.parse(JSON.parse(outcome.headers))) {
    for (const [name, value] of Object.entries(pair)) headers.set(name, value);
  }
  const status = statusOf(operation, outcome, isEmpty);
  const isVoid = operation.routine?.isVoid === true;
  if (isEmpty || isVoid) headers.delete("content-type");
  if (isVoid) headers.delete("content-range");
  const given = outcome.status === null ? status : Number(outcome.status);
  if (isEmpty || isVoid || method === "HEAD") return new Response(null, { status: given, headers });
  // One row is told from a list here: it is known only now that it is one.
  const isOne = media.kind === "object" && operation.shape === "rows";
  const body = isOne ? (outcome.body ?? "").replace(/^\s*\[|\]\s*$/g, "") : (outcome.body ?? "");
  return new Response(body, { status: given, headers });
}

function isRead({ kind }: Operation): boolean {
  return kind === "read" || kind === "call";
}

function statusOf(
  { kind, routine, offset }: Operation,
  outcome: Outcome,
  isEmpty: boolean,
): number {
  if (kind === "insert") return outcome.inserted === 0 && outcome.page > 0 ? 200 : 201;
  if (kind === "call" && routine?.isVoid === true) return 204;
  if (kind === "update" || kind === "delete") return isEmpty ? 204 : 200;
  const { total, page } = outcome;
  return total !== null && (offset > 0 || page < total) ? 206 : 200;
}

function contentRange({ offset }: Operation, { page, total }: Outcome): string {
  const range = page === 0 ? "*" : `${offset}-${offset + page - 1}`;
  return `${range}/${total ?? "*"}`;
}

function appliedPreferences(operation: Operation, preferences: Preferences): string {
  const { count, resolution, maxAffected, isStrict } = preferences;
  const isChange = !isRead(operation);
  return [
    isChange && preferences.return !== null ? `return=${preferences.return}` : "",
    operation.kind === "insert" && resolution !== null ? `resolution=${resolution}-duplicates` : "",
    operation.kind === "insert" && preferences.isDefaulted ? "missing=default" : "",
    count === null ? "" : `count=${count}`,
    preferences.isRolledBack ? "tx=rollback" : "",
    isStrict ? "handling=strict" : "",
    isStrict && maxAffected !== null ? `max-affected=${maxAffected}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

import { z } from "zod";
import { Refusal } from "./errors.ts";
import type { Outcome } from "./execute.ts";
import type { Operation } from "./operation.ts";
import type { Media, Preferences } from "./preferences.ts";

const keyRows = z.array(z.record(z.string(), z.unknown()));
const headerList = z.array(z.record(z.string(), z.string()));

/** The answer to what was done. @throws Refusal where the outcome is not what was asked for */
export function answer(
  operation: Operation,
  outcome: Outcome,
  media: Media,
  preferences: Preferences,
  method: string,
): Response {
  if (media.kind === "plan") {
    return new Response(outcome.body, { headers: { "content-type": media.contentType } });
  }
  const { page, total } = outcome;
  refuseTooMany(operation, outcome, preferences);
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
  for (const [name, value] of headersOf(outcome)) headers.set(name, value);
  const status = givenStatus(outcome) ?? statusOf(operation, outcome, isEmpty);
  const isVoid = operation.routine?.isVoid === true;
  if (isEmpty || isVoid) headers.delete("content-type");
  if (method === "PUT") headers.delete("content-range");
  const location = locationOf(operation, outcome);
  if (location !== null) headers.set("location", location);
  if (isEmpty || isVoid || method === "HEAD") return new Response(null, { status, headers });
  // One row is told from a list here: it is known only now that it is one.
  const isOne = media.kind === "object" && operation.shape === "rows";
  const body = isOne ? (outcome.body ?? "").replace(/^\s*\[|\]\s*$/g, "") : (outcome.body ?? "");
  return new Response(body, { status, headers });
}

/** The address of the one row that was inserted, where it was asked for. */
function locationOf({ location }: Operation, { page, body }: Outcome): string | null {
  if (location == null || page !== 1) return null;
  const [key = {}] = keyRows.parse(JSON.parse(body ?? "[]"));
  const query = Object.entries(key).map(
    ([column, value]) => `${encodeURIComponent(column)}=eq.${encodeURIComponent(String(value))}`,
  );
  return `/${encodeURIComponent(location)}?${query.join("&")}`;
}

function refuseTooMany(
  { kind, routine }: Operation,
  { page }: Outcome,
  { maxAffected, handling }: Preferences,
): void {
  if (handling !== "strict" || maxAffected === null || kind === "read" || kind === "insert") return;
  if (routine?.isSet === false) {
    throw new Refusal(400, {
      code: "PGRST128",
      message:
        "Function must return SETOF or TABLE when max-affected preference is used with handling=strict",
    });
  }
  if (page <= maxAffected) return;
  throw new Refusal(400, {
    code: "PGRST124",
    message: "Query result exceeds max-affected preference constraint",
    details: `The query affects ${page} rows`,
  });
}

/** What functions and triggers wish to send. @throws Refusal PGRST111 */
function headersOf({ headers }: Outcome): [string, string][] {
  if (headers === null) return [];
  try {
    return headerList.parse(JSON.parse(headers)).flatMap((one) => Object.entries(one));
  } catch {
    throw new Refusal(500, {
      code: "PGRST111",
      message:
        "response.headers guc must be a JSON array composed of objects with a single key and a string value",
    });
  }
}

/** @throws Refusal PGRST112 */
function givenStatus({ status }: Outcome): number | null {
  if (status === null) return null;
  if (/^[2-5]\d\d$/.test(status)) return Number(status);
  throw new Refusal(500, {
    code: "PGRST112",
    message: "response.status guc must be a valid status code",
  });
}

function isRead({ kind }: Operation): boolean {
  return kind === "read" || kind === "call";
}

function statusOf(
  { kind, isPut, routine, offset }: Operation,
  outcome: Outcome,
  isEmpty: boolean,
): number {
  if (isPut && isEmpty) return 204;
  if (kind === "insert") return outcome.inserted === 0 && outcome.page > 0 ? 200 : 201;
  if (kind === "call" && routine?.isVoid === true) return 204;
  if (kind === "update" || kind === "delete") return isEmpty ? 204 : 200;
  const { total, page } = outcome;
  return total !== null && (offset > 0 || page < total) ? 206 : 200;
}

/** Inserts and deletes tell no places, only how many where that was asked for. */
function contentRange({ kind, offset }: Operation, { page, total }: Outcome): string {
  const isUnplaced = page === 0 || kind === "insert" || kind === "delete";
  const range = isUnplaced ? "*" : `${offset}-${offset + page - 1}`;
  return `${range}/${total ?? "*"}`;
}

function appliedPreferences(operation: Operation, preferences: Preferences): string {
  const { kind } = operation;
  const { count, resolution, missing, tx, handling, timezone, maxAffected } = preferences;
  const isCounted = handling === "strict" && maxAffected !== null;
  const applied = {
    resolution: operation.isUpsert ? resolution : null,
    missing: kind === "insert" || kind === "update" ? missing : null,
    return: isRead(operation) ? null : preferences.return,
    count,
    tx,
    handling,
    timezone,
    "max-affected": isCounted && kind !== "read" && kind !== "insert" ? maxAffected : null,
  };
  return Object.entries(applied)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]))
    .join(", ");
}

import pg from "pg";
import { z } from "zod";
import type { Caller } from "../caller.ts";
import type { Queries } from "../sql/sql.ts";
import { list, type Part, part, raw, written } from "../sql/statement.ts";
import type { Catalog, Routine } from "./catalog.ts";
import type { Operation } from "./operation.ts";
import { bodySql, type Media, type Preferences } from "./preferences.ts";

export interface Outcome {
  body: string | null;
  /** Rows of the answer. */
  page: number;
  /** All rows, where a count was asked for. */
  total: number | null;
  /** Rows that are new, where the operation tells. */
  inserted: number | null;
  /** What functions and triggers set: `response.status`, `response.headers`. */
  status: string | null;
  headers: string | null;
}

const planned = z.array(z.object({ Plan: z.object({ "Plan Rows": z.number() }) }));

export async function execute(
  tx: Queries,
  operation: Operation,
  media: Media,
  { count }: Preferences,
  maxRows: number,
): Promise<Outcome> {
  const isCounted = count === "exact" || (count === "estimated" && operation.kind !== "read");
  const statement = written(statementSql(operation, media, isCounted));
  const row = media.plan === undefined ? await first(tx, statement) : undefined;
  if (row === undefined) return await explain(tx, statement, media);
  const outcome: Outcome = {
    body: row.body,
    page: Number(row.page),
    total: row.total === null ? null : Number(row.total),
    inserted: row.inserted === null ? null : Number(row.inserted),
    status: row.status,
    headers: row.headers,
  };
  if (operation.kind === "read" && (count === "planned" || count === "estimated")) {
    outcome.total = await estimate(tx, operation, count, maxRows);
  }
  return outcome;
}

async function first(tx: Queries, { text, values }: { text: string; values: unknown[] }) {
  const { rows } = await tx.run<Record<keyof Outcome, string | null>>(text, values);
  return rows[0];
}

function statementSql(operation: Operation, media: Media, isCounted: boolean): Part {
  const { source, rows, shape } = operation;
  const shown: Media = operation.location == null ? media : { ...media, kind: "json" };
  const parts = [
    ...(source === null ? [] : [part`pgrst_source as (${source})`]),
    part`pgrst_read as (${rows(true)})`,
  ];
  const total = !isCounted
    ? raw("null")
    : source !== null && operation.kind !== "call"
      ? raw("(select count(*) from pgrst_source)")
      : part`(select count(*) from (${rows(false)}) as pgrst_all)`;
  const inserted = operation.tellsInserted
    ? raw("(select count(*) from pgrst_source where pgrst_inserted)")
    : raw("null");
  return part`with ${list(parts)} select ${bodySql(shown, shape)} as body, count(*) as page, ${total} as total, ${inserted} as inserted, nullif(current_setting('response.status', true), '') as status, nullif(current_setting('response.headers', true), '') as headers from pgrst_read as pgrst_page`;
}

/** Small tables are counted; of large ones the planner's guess is taken. */
async function estimate(
  tx: Queries,
  { rows }: Operation,
  count: "planned" | "estimated",
  maxRows: number,
): Promise<number> {
  const all = rows(false);
  const enough = maxRows + 1;
  if (count === "estimated" && Number.isFinite(maxRows)) {
    const [row] = await tx<{
      n: string;
    }>`select count(*) as n from (select 1 from (${all}) as pgrst_all limit ${enough}) as pgrst_some`;
    if (Number(row?.n) <= maxRows) return Number(row?.n);
  }
  const [plan] = await tx<{ "QUERY PLAN": unknown }>`explain (format json) ${all}`;
  const guess = planned.parse(plan?.["QUERY PLAN"])[0]?.Plan["Plan Rows"] ?? 0;
  return count === "planned" ? guess : Math.max(guess, enough);
}

async function explain(
  tx: Queries,
  { text, values }: { text: string; values: unknown[] },
  { plan }: Media,
): Promise<Outcome> {
  const { format = "text", options = [] } = plan ?? {};
  const { rows } = await tx.run<{ "QUERY PLAN": unknown }>(
    `explain (${[`format ${format}`, ...options].join(", ")}) ${text}`,
    values,
  );
  const lines = rows.map((row) => row["QUERY PLAN"]);
  const body = format === "json" ? JSON.stringify(lines[0]) : lines.join("\n");
  return { body, page: 0, total: null, inserted: null, status: null, headers: null };
}

/** One request, as policies and functions may ask for it. */
export interface Call {
  caller: Caller;
  method: string;
  path: string;
  headers: Record<string, string>;
  cookies: Record<string, string>;
  schema: string;
  /** Schemas behind that one. */
  extraSearchPath: string[];
}

/** Makes the transaction the caller's: role, claims, time limits, and what the request was. */
export async function enter(
  tx: Queries,
  call: Call,
  catalog: Catalog,
  options: { isReadOnly: boolean; preferences: Preferences; routine: Routine | null },
): Promise<void> {
  const { role } = call.caller;
  const settings: Record<string, string> = {
    ...catalog.settingsOf(role),
    search_path: [call.schema, ...call.extraSearchPath].map(pg.escapeIdentifier).join(", "),
    role,
    "request.jwt.claims": JSON.stringify(call.caller.claims),
    "request.method": call.method,
    "request.path": call.path,
    "request.headers": JSON.stringify(call.headers),
    "request.cookies": JSON.stringify(call.cookies),
    "response.status": "",
    "response.headers": "",
    transaction_read_only: options.isReadOnly ? "on" : "off",
  };
  const own = options.routine?.settings.find((one) => one.startsWith("statement_timeout="));
  const timeout = own?.split("=")[1];
  if (timeout !== undefined) settings.statement_timeout = timeout;
  const { timezone } = options.preferences;
  if (timezone !== null) settings.timezone = timezone;
  const entries = Object.entries(settings);
  const assignments = entries.map((_, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, true)`);
  await tx.run(`select ${assignments.join(", ")}`, entries.flat(), true);
  const before = catalog.setting("authenticator", "pgrst.db_pre_request");
  if (before !== undefined)
    await tx.run(`select ${before.split(".").map(pg.escapeIdentifier).join(".")}()`);
}

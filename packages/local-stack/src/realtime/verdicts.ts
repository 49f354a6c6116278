import pg from "pg";
import { isConnectionError, type Sql } from "../sql/sql.ts";
import type { EvaluatedChange } from "./evaluate.ts";
import type { Identity } from "./identity.ts";
import type { Tuple } from "./replication.ts";
import type { Subscription } from "./subscriptions.ts";
import type { Rights, Table } from "./table.ts";

/** A change that passed the filters of a subscription. */
export interface Candidate {
  result: EvaluatedChange;
  subscription: Subscription;
}

/** May the subscriber see the row; a text is the error to tell instead, as hosted words it. */
type Verdict = "visible" | "hidden" | { error: string };

/**
 * Judges all candidates of one table. Each identity is asked about once, for all its rows together,
 * however many subscriptions share it.
 */
export async function judge(
  sql: Sql,
  table: Table,
  candidates: Candidate[],
): Promise<Map<Candidate, Verdict>> {
  const rights = new Map<string, Rights>();
  for (const role of new Set(candidates.map(({ subscription }) => subscription.identity.role))) {
    rights.set(role, await table.rightsOf(role));
  }
  const verdicts = new Map<Candidate, Verdict>();
  const unsure = new Map<string, { identity: Identity; candidates: Candidate[] }>();
  for (const candidate of candidates) {
    const { identity } = candidate.subscription;
    const verdict = verdictWithoutProbe(table, candidate, rights.get(identity.role));
    if (verdict !== null) {
      verdicts.set(candidate, verdict);
      continue;
    }
    const group = unsure.get(identity.claims) ?? { identity, candidates: [] };
    unsure.set(identity.claims, group);
    group.candidates.push(candidate);
  }
  await Promise.all(
    [...unsure.values()].map(async ({ identity, candidates: group }) => {
      const rows = new Map<EvaluatedChange, Tuple>();
      for (const { result } of group) {
        if (result.change.next !== null) rows.set(result, result.change.next);
      }
      const answers = await probeRows(sql, table, [...rows.values()], identity);
      const byResult = new Map([...rows.keys()].map((result, index) => [result, answers[index]]));
      for (const candidate of group) {
        const answer = byResult.get(candidate.result) ?? "hidden";
        verdicts.set(
          candidate,
          answer === "failed"
            ? { error: "Error 500: Internal Server Error, RLS policy evaluation failed" }
            : answer,
        );
      }
    }),
  );
  return verdicts;
}

/** Null where only a look at the row, as the reader, can tell. */
function verdictWithoutProbe(
  table: Table,
  { result }: Candidate,
  rights: Rights | undefined,
): Verdict | null {
  if (result.change.type === "DELETE") return "visible";
  const keys = table.columns.filter(({ isKey }) => isKey);
  if (keys.length === 0) return { error: "Error 400: Bad Request, no primary key" };
  if (!keys.every(({ name }) => rights?.selectable.has(name))) {
    return { error: "Error 401: Unauthorized" };
  }
  return !table.hasRowSecurity || rights?.bypassesRowSecurity ? "visible" : null;
}

/** `failed`: a policy could not be evaluated for this reader. */
type Visibility = "visible" | "hidden" | "failed";

/**
 * Which of the rows an identity may read at this moment, found by their primary keys as that
 * identity itself: its role and claims, and with them every policy, apply.
 */
async function probeRows(
  sql: Sql,
  table: Table,
  rows: Tuple[],
  identity: Identity,
): Promise<Visibility[]> {
  try {
    const visible = await visibleIndexes(sql, table, rows, identity);
    return rows.map((_, index) => (visible.has(index) ? "visible" : "hidden"));
  } catch (error) {
    if (!isSqlError(error)) throw error;
    if (rows.length === 1) return ["failed"];
    // One row may fail without the others.
    const single = rows.map((row) => probeRows(sql, table, [row], identity));
    return (await Promise.all(single)).flat();
  }
}

async function visibleIndexes(
  sql: Sql,
  table: Table,
  rows: Tuple[],
  { role, claims }: Identity,
): Promise<Set<number>> {
  const keys = table.columns.filter(({ isKey }) => isKey).map(({ name }) => name);
  const matches = keys.map(
    (key, index) => `x.${pg.escapeIdentifier(key)} = (k.value ->> ${index})::${table.typeOf(key)}`,
  );
  const query = `
    select k.ordinality::int - 1 as index
    from jsonb_array_elements($1::text::jsonb) with ordinality as k
    where exists (select from ${table.identifier} as x where ${matches.join(" and ")})`;
  const values = JSON.stringify(rows.map((row) => keys.map((key) => row[key] ?? null)));
  const found = await sql.begin(async (tx) => {
    await tx`
      select set_config('role', ${role}, true), set_config('request.jwt.claims', ${claims}, true)`;
    const { rows: visible } = await tx.run<{ index: number }>(query, [values], true);
    return visible;
  });
  return new Set(found.map(({ index }) => index));
}

/** A refusal of the statement itself. */
function isSqlError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !isConnectionError(error);
}

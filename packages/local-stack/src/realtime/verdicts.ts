import type { Sql } from "../sql/sql.ts";
import type { EvaluatedChange } from "./change-json.ts";
import type { Identity } from "./identity.ts";
import type { Tuple } from "./replication.ts";
import type { Subscription } from "./subscriptions.ts";
import type { Rights, Table } from "./table.ts";
import { probeRows } from "./visibility.ts";

/** A change that passed the filters of a subscription. */
export interface Candidate {
  result: EvaluatedChange;
  subscription: Subscription;
}

/** May the subscriber see the row; a text is the error to tell instead, as hosted words it. */
export type Verdict = "visible" | "hidden" | { error: string };

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

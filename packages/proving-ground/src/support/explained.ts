import type postgres from "postgres";

/** One scan of a table in the plan of a statement that ran. */
export interface Scan {
  table: string;
  /** As EXPLAIN calls it, e.g. `Index Scan`. */
  node: string;
  /** Null for what uses none. */
  index: string | null;
  /** Rows that it looked at in all its loops, those that a filter threw away included. */
  rows: number;
  /** The statement it belongs to, in one line. */
  statement: string;
}

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
}

/**
 * Has the connection report the plan of every statement that it runs, those inside functions and of
 * foreign keys included, as notices for `readScans`. Only for a superuser.
 */
export async function explainEverything(admin: postgres.Sql): Promise<void> {
  await admin.unsafe(`
    load 'auto_explain';
    set auto_explain.log_min_duration = 0;
    set auto_explain.log_nested_statements = on;
    set auto_explain.log_analyze = on;
    set auto_explain.log_timing = off;
    set auto_explain.log_format = json;
    set auto_explain.log_level = notice;
  `);
}

/** The scans of tables in one notice, or none where it is no plan. */
export function readScans(notice: postgres.Notice): Scan[] {
  const start = (notice.message ?? "").indexOf("plan:\n");
  if (start < 0) return [];
  const explained: { "Query Text": string; Plan: PlanNode } = JSON.parse(
    (notice.message ?? "").slice(start + "plan:\n".length),
  );
  const statement = explained["Query Text"].replaceAll(/\s+/g, " ").trim();
  return scansOf(explained.Plan, statement);
}

function scansOf(plan: PlanNode, statement: string): Scan[] {
  const below = (plan.Plans ?? []).flatMap((child) => scansOf(child, statement));
  const table = plan["Relation Name"];
  if (table === undefined || !plan["Node Type"].endsWith("Scan")) return below;
  const seen = (plan["Actual Rows"] ?? 0) + (plan["Rows Removed by Filter"] ?? 0);
  const scan: Scan = {
    table,
    node: plan["Node Type"],
    index: plan["Index Name"] ?? bitmapIndex(plan),
    rows: Math.round(seen * (plan["Actual Loops"] ?? 1)),
    statement,
  };
  return [scan, ...below];
}

/** A bitmap scan of a table has its index in the node below. */
function bitmapIndex(plan: PlanNode): string | null {
  if (plan["Node Type"] !== "Bitmap Heap Scan") return null;
  const [below] = plan.Plans ?? [];
  return below?.["Index Name"] ?? below?.Plans?.[0]?.["Index Name"] ?? null;
}

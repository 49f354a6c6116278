import type { Sql } from "../sql/sql.ts";
import { comparisonSql, type Questions } from "./conditions.ts";
import type { Condition } from "./filter.ts";
import type { Tuple } from "./replication.ts";
import type { Table } from "./table.ts";

export interface EvaluatedRow {
  /** JSON per column that the stream carried. */
  json: Map<string, string>;
  /** Whether the row satisfies a condition; a column that the stream left out never does. */
  satisfies(condition: Condition): boolean;
}

/**
 * Has Postgres turn rows of a table into JSON, as hosted Realtime does, and answer all filters over
 * them, in one statement.
 *
 * The stream may show a commit before other sessions see it. The statement therefore also tells
 * whether its own snapshot sees all `xids`; where it does not, the answer is null: ask again.
 */
export async function evaluateRows(
  sql: Sql,
  table: Table,
  rows: Tuple[],
  questions: Questions,
  xids: number[],
): Promise<EvaluatedRow[] | null> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const answerable = questions.comparisons.map(({ comparison }) =>
    columns.includes(comparison.column),
  );
  const input = {
    xids,
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
    values: questions.comparisons.map(({ values }) => values),
  };
  const { rows: results } = await sql.run<Record<string, string | boolean | null>>(
    evaluationSql(table, columns, questions, answerable),
    [JSON.stringify(input)],
    true,
  );
  if (results.some(({ is_visible }) => is_visible !== true)) return null;
  return rows.map((row, index) => {
    const result = results[index] ?? {};
    const json = new Map<string, string>();
    for (const [position, column] of columns.entries()) {
      if (row[column] !== undefined) json.set(column, String(result[`c${position}`] ?? "null"));
    }
    return {
      json,
      satisfies(condition) {
        const [comparison, value] = questions.find(condition);
        const answers = result[`q${comparison}`];
        return json.has(condition.column) && String(answers).at(value) === "1";
      },
    };
  });
}

function evaluationSql(
  table: Table,
  columns: string[],
  { comparisons }: Questions,
  answerable: boolean[],
): string {
  const typed = columns.map(
    (column, index) => `(r.value ->> ${index})::${table.typeOf(column)} as c${index}`,
  );
  const json = columns.map((_, index) => `to_jsonb(t.c${index})::text as c${index}`);
  const answers = comparisons.flatMap(({ comparison }, index) => {
    if (!answerable[index]) return [];
    const left = `t.c${columns.indexOf(comparison.column)}`;
    const holds = comparisonSql(comparison, left, "v.value", table.typeOf(comparison.column));
    return `(
      select string_agg(case when ${holds} then '1' else '0' end, '' order by v.ordinality)
      from jsonb_array_elements_text(i.input -> 'values' -> ${index}) with ordinality as v
    ) as q${index}`;
  });
  // A 32-bit xid belongs to the epoch that puts it closest below the snapshot's end.
  return `
    select ${["i.is_visible", ...json, ...answers].join(",\n      ")}
    from (
      select
        given.input,
        (
          select bool_and(pg_visible_in_snapshot(
            ((s.upper - (s.upper - x.value::text::bigint) % 4294967296)::text)::xid8, s.snapshot
          ))
          from jsonb_array_elements(given.input -> 'xids') as x
          cross join (
            select
              pg_current_snapshot() as snapshot,
              pg_snapshot_xmax(pg_current_snapshot())::text::bigint as upper
          ) as s
        ) as is_visible
      from (select $1::text::jsonb as input offset 0) as given
      offset 0
    ) as i
    cross join jsonb_array_elements(i.input -> 'rows') with ordinality as r
    cross join lateral (select ${typed.join(", ") || "1"} offset 0) as t
    order by r.ordinality`;
}

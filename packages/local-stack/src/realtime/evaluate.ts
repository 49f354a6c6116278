import { symbols } from "../data-api/conditions.ts";
import type { Sql } from "../sql/sql.ts";
import type { Condition, Operator } from "./binding.ts";
import type { RowChange, Tuple } from "./replication.ts";
import type { Table } from "./table.ts";

export interface EvaluatedRow {
  /** JSON per column that the stream carried. */
  json: Map<string, string>;
  /** Whether the row satisfies a condition; a column that the stream left out never does. */
  satisfies(condition: Condition): boolean;
}

/** A change whose values Postgres has turned into JSON. */
export interface EvaluatedChange {
  change: RowChange;
  table: Table;
  next: EvaluatedRow | null;
  previous: EvaluatedRow | null;
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

/** Conditions that differ in their value alone share an expression. */
export type Comparison = Pick<Condition, "column" | "operator" | "negated">;

/**
 * The SQL that compares, so that Postgres decides with the column's own type and operators.
 * @param left of the column's type
 * @param right text
 * @param type quoted
 */
export function comparisonSql(
  { operator, negated }: Comparison,
  left: string,
  right: string,
  type: string,
): string {
  const positive = positiveSql(operator, left, right, type);
  return negated ? `not (${positive})` : `(${positive})`;
}

function positiveSql(operator: Operator, left: string, right: string, type: string): string {
  if (operator === "in") return `${left} = any((${right})::${type}[])`;
  if (operator !== "is") return `${left} ${symbols[operator]} (${right})::${type}`;
  if (type !== "pg_catalog.bool") return `${left} is null`;
  return `case ${right}
    when 'true' then ${left} is true
    when 'false' then ${left} is false
    when 'unknown' then ${left} is unknown
    else ${left} is null
  end`;
}

/** Distinct comparisons with their distinct values, so that one pass over a row answers for all. */
interface Questions {
  comparisons: { comparison: Comparison; values: string[] }[];
  /** Where the answer to a condition is found. */
  find(condition: Condition): [comparison: number, value: number];
}

export function collectQuestions(conditions: Iterable<Condition>): Questions {
  const groups = new Map<
    string,
    { index: number; comparison: Comparison; values: Map<string, number> }
  >();
  const keyOf = ({ column, operator, negated }: Comparison) =>
    JSON.stringify([operator, negated, column]);
  for (const condition of conditions) {
    const key = keyOf(condition);
    const group = groups.get(key) ?? {
      index: groups.size,
      comparison: condition,
      values: new Map(),
    };
    groups.set(key, group);
    if (!group.values.has(condition.value)) group.values.set(condition.value, group.values.size);
  }
  return {
    comparisons: [...groups.values()].map(({ comparison, values }) => ({
      comparison,
      values: [...values.keys()],
    })),
    find(condition) {
      const group = groups.get(keyOf(condition));
      return [group?.index ?? -1, group?.values.get(condition.value) ?? -1];
    },
  };
}

import type { Condition, Operator } from "./filter.ts";

const infix: Partial<Record<Operator, string>> = {
  eq: "=",
  neq: "<>",
  lt: "<",
  lte: "<=",
  gt: ">",
  gte: ">=",
  like: "like",
  ilike: "ilike",
  match: "~",
  imatch: "~*",
  isdistinct: "is distinct from",
};

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
  if (operator !== "is") return `${left} ${infix[operator]} (${right})::${type}`;
  if (type !== "pg_catalog.bool") return `${left} is null`;
  return `case ${right}
    when 'true' then ${left} is true
    when 'false' then ${left} is false
    when 'unknown' then ${left} is unknown
    else ${left} is null
  end`;
}

/** Distinct comparisons with their distinct values, so that one pass over a row answers for all. */
export interface Questions {
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

import { list, literal, type Part, part, raw } from "../sql/statement.ts";
import { ParseFailure } from "./errors.ts";
import { type Comparison, type Condition, parseList } from "./query.ts";

/** Realtime has a part of them. */
export const symbols: Record<string, string> = {
  eq: "=",
  neq: "<>",
  gt: ">",
  gte: ">=",
  lt: "<",
  lte: "<=",
  like: "like",
  ilike: "ilike",
  match: "~",
  imatch: "~*",
  isdistinct: "is distinct from",
  cs: "@>",
  cd: "<@",
  ov: "&&",
  sl: "<<",
  sr: ">>",
  nxr: "&<",
  nxl: "&>",
  adj: "-|-",
};

const searches: Record<string, string> = {
  fts: "to_tsquery",
  plfts: "plainto_tsquery",
  phfts: "phraseto_tsquery",
  wfts: "websearch_to_tsquery",
};

/** How the column of a comparison is written, and its type where it is known. */
export type ColumnWriter = (column: string, path: string[]) => { sql: Part; type: string | null };

/** @param compare writes a comparison; whether it is negated stands around it */
export function conditionSql(
  condition: Condition,
  compare: (comparison: Comparison) => Part,
): Part {
  const inner =
    condition.kind === "comparison"
      ? compare(condition)
      : part`(${list(
          condition.conditions.map((one) => conditionSql(one, compare)),
          ` ${condition.kind} `,
        )})`;
  return condition.isNegated ? part`not ${inner}` : inner;
}

export function comparisonSql(comparison: Comparison, write: ColumnWriter): Part {
  const { operator, modifier, value } = comparison;
  const { sql: column, type } = write(comparison.column, comparison.path);
  if (operator === "in") return part`${column} = any (${arrayText(parseList(value))})`;
  if (operator === "is") return part`${column} is ${isWord(value)}`;
  const search = searches[operator];
  if (search !== undefined) {
    const language = modifier === undefined ? raw("") : part`${literal(modifier)}, `;
    const isText = type !== null && /^(text|character|json)/.test(type);
    const document = isText ? part`to_tsvector(${language}${column})` : column;
    return part`${document} @@ ${raw(search)}(${language}${value})`;
  }
  const symbol = raw(symbols[operator] ?? "=");
  const shown = /^i?like$/.test(operator) ? value.replaceAll("*", "%") : value;
  if (modifier === "any" || modifier === "all") {
    return part`${column} ${symbol} ${raw(modifier)} (${shown})`;
  }
  return part`${column} ${symbol} ${shown}`;
}

function isWord(value: string): Part {
  const word = value.toLowerCase().replace("_", " ");
  if (!/^(null|not null|true|false|unknown)$/.test(word)) {
    throw new ParseFailure("filter", `is.${value}`, 3);
  }
  return raw(word);
}

export function arrayText(values: string[]): string {
  return `{${values.map((value) => `"${value.replace(/[\\"]/g, "\\$&")}"`).join(",")}}`;
}

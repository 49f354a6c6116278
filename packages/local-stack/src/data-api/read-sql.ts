import { columnOf, list, literal, name, type Part, part, raw } from "../sql/statement.ts";
import { type ColumnWriter, comparisonSql, conditionSql } from "./conditions.ts";
import { Refusal } from "./errors.ts";
import type { Child, Node } from "./plan.ts";
import type { Comparison, OrderTerm } from "./query.ts";
import { type Embed, type Field, labelOf } from "./select-syntax.ts";

/** One column of a node's rows. */
interface Output {
  label: string;
  sql: Part;
  aggregate?: { call: string; cast: string | undefined };
}

/**
 * The rows of a node as one `select`. What is embedded is joined laterally: an object is the row of
 * its join as JSON, a list is aggregated within it.
 * @param isPaged whether limit and offset hold; a count of all rows is without
 */
export function readSql(node: Node, isPaged = true): Part {
  const outputs = outputsOf(node);
  const aggregated = outputs.some(({ aggregate }) => aggregate !== undefined);
  const groups = aggregated ? outputs.filter(({ aggregate }) => aggregate === undefined) : [];
  return selectSql(node, outputs.map(outputSql), groups, isPaged);
}

/** The part of the rows that was asked for. */
export function pageSql({ limit, offset }: { limit?: number; offset?: number }): Part {
  const isLimited = limit !== undefined && limit !== Number.POSITIVE_INFINITY;
  return part`${isLimited ? part` limit ${limit}` : raw("")}${
    offset === undefined ? raw("") : part` offset ${offset}`
  }`;
}

function selectSql(node: Node, columns: Part[], groups: Output[], isPaged: boolean): Part {
  const { clauses, children } = node;
  const joins = [...children].map(([embed, child]) => lateralSql(embed, child));
  const conditions = [
    ...node.joins,
    ...clauses.conditions.map((one) => conditionSql(one, (each) => nodeComparison(node, each))),
  ];
  const clause = (word: string, parts: Part[], separator: string) =>
    parts.length === 0 ? raw("") : part` ${raw(word)} ${list(parts, separator)}`;
  return part`select ${list(columns)} from ${
    node.source
  }${list(joins, "")}${clause("where", conditions, " and ")}${clause(
    "group by",
    groups.map(({ sql }) => sql),
    ", ",
  )}${clause(
    "order by",
    clauses.order.map((term) => orderSql(node, term)),
    ", ",
  )}${isPaged ? pageSql(clauses) : raw("")}`;
}

function outputSql({ label, sql, aggregate }: Output): Part {
  if (label === "*") return sql;
  if (aggregate === undefined) return part`${sql} as ${name(label)}`;
  const called = part`${raw(aggregate.call)}(${sql})`;
  return part`${cast(called, aggregate.cast)} as ${name(label)}`;
}

function outputsOf(node: Node): Output[] {
  return node.items.flatMap((item) => {
    if (item.kind === "field") return fieldOutputs(node, item);
    const child = node.children.get(item);
    return child === undefined ? [] : embedOutputs(item, child, isAggregated(node));
  });
}

function isAggregated({ items, children }: Node): boolean {
  return items.some((item) => {
    if (item.kind === "field") return item.aggregate !== undefined;
    const child = children.get(item);
    return item.isSpread && child?.relationship.isToOne === true && isAggregated(child.node);
  });
}

function fieldOutputs(node: Node, field: Field): Output[] {
  const label = labelOf(field);
  if (field.name === "*" && field.aggregate === undefined) {
    const isExpanded = node.relation !== null && (node.isDerived || isAggregated(node));
    if (!isExpanded) return [{ label: "*", sql: columnOf(node.alias, "*") }];
    return (node.relation?.columns ?? []).map((column) => ({
      label: column.name,
      sql: columnOf(node.alias, column.name),
    }));
  }
  const column = field.name === "*" ? raw("*") : writerOf(node)(field.name, field.path).sql;
  const sql = cast(column, field.cast);
  if (field.aggregate === undefined) return [{ label, sql }];
  return [{ label, sql, aggregate: { call: field.aggregate, cast: field.aggregateCast } }];
}

function embedOutputs(embed: Embed, child: Child, isGrouped: boolean): Output[] {
  const { lateral, label, relationship } = child;
  if (!embed.isSpread) {
    if (embed.items.length === 0) return [];
    const value = relationship.isToOne
      ? part`row_to_json(${columnOf(lateral, "*")})`
      : part`coalesce(${columnOf(lateral, "rows")}, '[]')`;
    return [{ label, sql: isGrouped ? part`${value}::jsonb` : value }];
  }
  return spreadColumns(child).map(({ label: own, inner, aggregate }) => {
    const column = columnOf(lateral, inner);
    if (own === "*") return { label: own, sql: column };
    if (!relationship.isToOne) return { label: own, sql: part`coalesce(${column}, '[]')` };
    return aggregate === undefined
      ? { label: own, sql: column }
      : { label: own, sql: column, aggregate };
  });
}

/** The columns of a spread embedding: what they are called outside, and within its join. */
function spreadColumns({ node, relationship }: Child): (Output & { inner: string })[] {
  const outputs = outputsOf(node).flatMap((output): Output[] =>
    output.label === "*" && node.relation !== null
      ? node.relation.columns.map((column) => ({
          label: column.name,
          sql: columnOf(node.alias, column.name),
        }))
      : [output],
  );
  // Aggregates of an object are those of the rows that it is spread over.
  return outputs.map((output, place) => {
    const isHoisted = relationship.isToOne && output.aggregate !== undefined;
    return { ...output, inner: isHoisted ? `pgrst_aggregate_${place}` : output.label };
  });
}

function lateralSql(embed: Embed, child: Child): Part {
  const { node, lateral, relationship } = child;
  const join = raw(embed.isInner ? " inner join lateral " : " left join lateral ");
  if (relationship.isToOne) {
    const inner = embed.isSpread
      ? selectSql(
          node,
          spreadColumns(child).map(({ sql, inner }) =>
            inner === "*" ? sql : part`${counted(sql)} as ${name(inner)}`,
          ),
          [],
          true,
        )
      : readSql(node);
    return part`${join}(${inner}) as ${name(lateral)} on true`;
  }
  const columns = embed.isSpread
    ? spreadColumns(child).map(
        ({ label }) => part`json_agg(${columnOf(lateral, label)}) as ${name(label)}`,
      )
    : [];
  const all = [part`json_agg(${name(lateral)}) as rows, count(*) as pgrst_count`, ...columns];
  const on = embed.isInner ? part`${columnOf(lateral, "pgrst_count")} > 0` : raw("true");
  return part`${join}(select ${list(all)} from (${readSql(node)}) as ${name(lateral)}) as ${name(
    lateral,
  )} on ${on}`;
}

/** `count()` of an object that is spread counts where there is one. */
function counted(sql: Part): Part {
  return sql.values.length === 0 && sql.strings[0] === "*" ? raw("1") : sql;
}

/** Of an embedding a filter may ask whether there is any. */
function nodeComparison(node: Node, comparison: Comparison): Part {
  const child = [...node.children].find(
    ([embed, { label }]) => !embed.isSpread && label === comparison.column,
  )?.[1];
  if (child === undefined || comparison.path.length > 0) {
    return comparisonSql(comparison, writerOf(node));
  }
  if (comparison.operator !== "is" || comparison.value !== "null") {
    throw new Refusal(400, {
      code: "PGRST120",
      message: `Bad operator on the '${comparison.column}' embedded resource`,
      details: "Only is null or not is null filters are allowed on embedded resources",
    });
  }
  const value = child.relationship.isToOne ? name(child.lateral) : columnOf(child.lateral, "rows");
  return part`${value} is not distinct from null`;
}

function orderSql(node: Node, term: OrderTerm): Part {
  const direction = raw(term.isDescending ? " desc" : " asc");
  const nulls = raw(term.nulls === undefined ? "" : ` nulls ${term.nulls}`);
  if (term.related === undefined) {
    return part`${writerOf(node)(term.column, term.path).sql}${direction}${nulls}`;
  }
  const child = [...node.children.values()].find(({ label }) => label === term.related);
  if (child?.relationship.isToOne !== true) {
    throw new Refusal(400, {
      code: child === undefined ? "PGRST108" : "PGRST118",
      message:
        child === undefined
          ? `'${term.related}' is not an embedded resource in this request`
          : `A related order on '${term.related}' is not possible`,
      details:
        child === undefined
          ? null
          : `'${node.alias}' and '${term.related}' do not form a many-to-one or one-to-one relationship`,
    });
  }
  const column = writerOf(child.node)(term.column, term.path).sql;
  const { source, joins } = child.node;
  const where = joins.length === 0 ? raw("") : part` where ${list(joins, " and ")}`;
  return part`(select ${column} from ${source}${where})${direction}${nulls}`;
}

/** Columns of the node by its alias, JSON paths with Postgres' own arrows. */
export function writerOf({ alias, relation }: Pick<Node, "alias" | "relation">): ColumnWriter {
  return (column, path) => {
    const type = relation?.columns.find((one) => one.name === column)?.type ?? null;
    const own = columnOf(alias, column);
    if (path.length === 0) return { sql: own, type };
    const start = type === null || /^jsonb?$/.test(type) ? own : part`to_jsonb(${own})`;
    const steps = path.map((step) => {
      const [, arrow = "->", key = ""] = /^(->>?)(.*)$/s.exec(step) ?? [];
      return part`${raw(arrow)}${/^-?\d+$/.test(key) ? raw(key) : literal(key)}`;
    });
    return {
      sql: part`(${start}${list(steps, "")})`,
      type: path.at(-1)?.startsWith("->>") ? "text" : "json",
    };
  };
}

function cast(sql: Part, type: string | undefined): Part {
  return type === undefined ? sql : part`cast(${sql} as ${raw(type)})`;
}

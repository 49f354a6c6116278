import pg from "pg";
import type { Sql } from "../sql/sql.ts";
import { messageOf } from "../stack-error.ts";
import {
  type Binding,
  BindingError,
  type ChangeType,
  type Condition,
  describeBinding,
} from "./binding.ts";
import { comparisonSql } from "./evaluate.ts";
import type { Identity } from "./identity.ts";
import { parseLsn } from "./replication.ts";

/** Who is told of changes: one channel of one socket. */
export interface Subscriber {
  /**
   * @param data the change as JSON; `ids` are those of the bindings that it matches
   * @returns where the subscriber lags behind, when it has caught up
   */
  deliver(ids: number[], data: string): Promise<void> | undefined;
}

export interface Subscription {
  id: number;
  binding: Binding;
  identity: Identity;
  subscriber: Subscriber;
  /** Changes committed before this place in the log are not for it. */
  from: bigint;
}

/** All bindings of all channels that are subscribed at this moment. */
export class Subscriptions {
  readonly #byName = new Map<string, Set<Subscription>>();

  add(subscription: Subscription): void {
    const name = nameOf(subscription.binding.schema, subscription.binding.table);
    const set = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, set.add(subscription));
  }

  delete(subscription: Subscription): void {
    const name = nameOf(subscription.binding.schema, subscription.binding.table);
    const set = this.#byName.get(name);
    set?.delete(subscription);
    if (set?.size === 0) this.#byName.delete(name);
  }

  matching(schema: string, table: string, type: ChangeType): Subscription[] {
    if (this.#byName.size === 0) return [];
    const names = [
      nameOf(schema, table),
      nameOf(schema, "*"),
      nameOf("*", table),
      nameOf("*", "*"),
    ];
    return names
      .flatMap((name) => [...(this.#byName.get(name) ?? [])])
      .filter(({ binding }) => binding.event === "*" || binding.event === type);
  }
}

function nameOf(schema: string, table: string): string {
  return JSON.stringify([schema, table]);
}

interface PublishedColumn {
  entity: string;
  name: string;
  type: string;
  type_name: string;
  selectable: boolean;
}

/**
 * Checks that the bindings name published tables, columns that the role may read, and values and
 * operators that fit the columns.
 * @returns the place in the log from which the subscription holds
 * @throws BindingError in the words of hosted Realtime
 */
export async function checkBindings(
  sql: Sql,
  publication: string,
  bindings: Binding[],
  role: string,
): Promise<bigint> {
  // Read first: a commit from here on is to be delivered.
  const [place] = await sql<{ lsn: string }>`select pg_current_wal_insert_lsn()::text as lsn`;
  for (const binding of bindings) {
    const given = `[${describeBinding(binding)}]`;
    const columns = await publishedColumns(sql, publication, binding, role);
    if (columns.length === 0) {
      throw new BindingError(
        "Unable to subscribe to changes with given parameters. " +
          `Please check Realtime is enabled for the given connect parameters: ${given}`,
      );
    }
    const problem = await firstProblem(sql, columns, binding);
    if (problem !== null) {
      throw new BindingError(
        "Unable to subscribe to changes with given parameters. An exception happened so please " +
          `check your connect parameters: ${given}. Exception: ${problem}`,
      );
    }
  }
  return parseLsn(place?.lsn ?? "0/0");
}

function publishedColumns(sql: Sql, publication: string, { schema, table }: Binding, role: string) {
  return sql<PublishedColumn>`
    select
      c.oid::text as entity,
      a.attname as name,
      format('%I.%I', tn.nspname, t.typname) as type,
      format_type(a.atttypid, null) as type_name,
      has_column_privilege(${role}::name, c.oid, a.attnum, 'select') as selectable
    from pg_publication_tables p
    join pg_namespace n on n.nspname = p.schemaname
    join pg_class c on c.relnamespace = n.oid and c.relname = p.tablename
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    join pg_namespace tn on tn.oid = t.typnamespace
    where p.pubname = ${publication}
      and (${schema} = '*' or p.schemaname = ${schema})
      and (${table} = '*' or p.tablename = ${table})`;
}

async function firstProblem(
  sql: Sql,
  columns: PublishedColumn[],
  { conditions, select }: Binding,
): Promise<string | null> {
  for (const entity of new Set(columns.map((column) => column.entity))) {
    const readable = new Map(
      columns
        .filter((column) => column.entity === entity && column.selectable)
        .map((column) => [column.name, column]),
    );
    for (const condition of conditions) {
      const column = readable.get(condition.column);
      if (column === undefined) return raised(`invalid column for filter ${condition.column}`);
      const problem = await conditionProblem(sql, column, condition);
      if (problem !== null) return problem;
    }
    const unknown = select?.find((name) => !readable.has(name));
    if (unknown !== undefined) return raised(`invalid column for select ${unknown}`);
  }
  return null;
}

/** Tries the value in the very comparison that rows will meet. */
async function conditionProblem(
  sql: Sql,
  { name, type, type_name }: PublishedColumn,
  condition: Condition,
): Promise<string | null> {
  const { operator, value } = condition;
  if (operator === "is") {
    if (!["null", "true", "false", "unknown"].includes(value)) {
      return raised("invalid value for is filter: must be null, true, false, or unknown");
    }
    return value === "null" || type_name === "boolean"
      ? null
      : raised(`is ${value} filter requires a boolean column, got ${type_name}`);
  }
  try {
    if (operator === "in") {
      const { rows: counts } = await sql.run<{ count: number }>(
        `select coalesce(cardinality($1::text::${type}[]), 0) as count`,
        [value],
      );
      if ((counts[0]?.count ?? 0) > 100)
        return raised("too many values for `in` filter. Maximum 100");
    } else if (!["like", "ilike", "match", "imatch"].includes(operator)) {
      await sql.run(`select $1::text::${type}`, [value]);
    }
  } catch (error) {
    return problemOf(error);
  }
  try {
    await sql.run(`select ${comparisonSql(condition, `null::${type}`, "$1::text", type)}`, [value]);
    if (operator === "match" || operator === "imatch") await sql`select '' ~ ${value}`;
    return null;
  } catch (error) {
    const reason = messageOf(error);
    if (error instanceof pg.DatabaseError && error.code === "2201B") {
      return raised(`invalid regular expression for ${operator} filter: ${reason}`);
    }
    return raised(
      `operator ${operator} is not supported on column ${name} of type ${type_name}: ${reason}`,
    );
  }
}

function raised(message: string): string {
  return `ERROR P0001 (raise_exception) ${message}`;
}

const conditionNames: Record<string, string> = {
  "22P02": "invalid_text_representation",
  "22003": "numeric_value_out_of_range",
  "22007": "invalid_datetime_format",
  "22008": "datetime_field_overflow",
};

function problemOf(error: unknown): string {
  if (!(error instanceof pg.DatabaseError)) throw error;
  const name = conditionNames[error.code ?? ""];
  return `ERROR ${error.code}${name === undefined ? "" : ` (${name})`} ${error.message}`;
}

import { table } from "@sideline/migration-tools/markdown";
import type pg from "pg";

type Row = Record<string, string | number | boolean | null>;

export interface Report {
  days: number;
  sections: Record<string, Row[]>;
}

interface Section {
  title: string;
  /** With `$1`, the beginning of the period. Rows are read as they are to be shown. */
  sql: string;
}

const sections: Record<string, Section> = {
  health: {
    title: "Stages now",
    sql: `select stage, enabled, ready, oldest_ready_seconds, in_flight, expired, delayed, circuit,
            wake_outcome
          from pipeline.pipeline_health where $1::timestamptz is not null order by stage`,
  },
  alerts: {
    title: "Alerts",
    sql: `select r.severity, a.rule, a.labels::text as of, a.value, a.fired_at::text,
            a.resolved_at::text, r.runbook
          from pipeline.alerts as a join pipeline.alert_rules as r on r.name = a.rule
          where a.fired_at is not null and coalesce(a.resolved_at, 'infinity') >= $1
          order by a.fired_at desc limit 50`,
  },
  latency: {
    title: "Seconds of completed attempts: waiting for a worker, and in work",
    sql: "select * from pipeline.stage_latency_since($1)",
  },
  failures: {
    title: "What became of items, after retries",
    sql: "select * from pipeline.failure_rates_since($1)",
  },
  cost: {
    title: "Spend a day, by the ledger",
    sql: `select c.day::text, count(*)::int as users, sum(c.calls)::int as calls,
            sum(c.cost)::float8 as cost, max(c.currency) as currency,
            sum(c.unpriced_calls)::int as unpriced_calls
          from pipeline.cost_per_day as c where c.day >= ($1 at time zone 'UTC')::date
          group by c.day order by c.day desc`,
  },
  rules: {
    title: "What remarks are made of",
    sql: "select * from pipeline.rule_usage_since($1)",
  },
  users: {
    title: "Users, the busiest first",
    sql: `select user_id::text, recordings, remarks, renders, attempts, last_at::text
          from pipeline.user_activity_since($1) limit 20`,
  },
};

/** Reads all sections of the last so many days; those whose tables are not there are left out. */
export async function readReport(client: pg.Client, days: number): Promise<Report> {
  const read: Record<string, Row[]> = {};
  const { rows } = await client.query<{ since: Date }>(
    "select pipeline.now() - make_interval(secs => $1::float8 * 86400) as since",
    [days],
  );
  for (const [name, { sql }] of Object.entries(sections)) {
    const { rows: found } = await client.query<Row>(sql, [rows[0]?.since]);
    read[name] = found.map(plain);
  }
  return { days, sections: read };
}

export function reportText({ days, sections: read }: Report, label: string): string {
  const parts = Object.entries(read).map(([name, rows]) => {
    const title = `## ${sections[name]?.title ?? name}`;
    if (rows.length === 0) return `${title}\n\nNothing.`;
    const columns = Object.keys(rows[0] ?? {});
    const cells = rows.map((row) => columns.map((column) => cell(row[column])));
    return `${title}\n\n${table(columns, cells)}`;
  });
  return [`# The last ${days === 1 ? "day" : `${days} days`} of ${label}`, ...parts].join("\n\n");
}

/** `bigint` and `numeric` come as text. */
function plain(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "string" && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value,
    ]),
  );
}

function cell(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return "";
  return typeof value === "number" && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : String(value);
}

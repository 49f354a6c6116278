import type { PostgresType } from "postgres";

/**
 * How values leave Postgres so that the JSON is what PostgREST, that is Postgres' own `to_json`,
 * prints: ISO 8601 times with full offsets, numbers as numbers, and text where JSON has no number
 * for it (NaN, Infinity).
 */
export const postgrestTypes: Record<string, PostgresType> = {
  timestamptz: textual(1184, [1184], isoTimestamp),
  timestamp: textual(1114, [1114], isoTimestamp),
  numeric: textual(1700, [1700], numberOrText),
  float: textual(701, [700, 701], numberOrText),
  bigint: textual(20, [20], numberOrText),
  bytea: textual(17, [17], (value) => value),
};

function textual(to: number, from: number[], parse: (value: string) => unknown): PostgresType {
  return { to, from, serialize: (value: unknown) => String(value), parse };
}

/** `2026-11-20 15:50:33.5+00` → `2026-11-20T15:50:33.5+00:00`; `infinity` stays. */
export function isoTimestamp(value: string): string {
  return value.replace(
    /^(\d+-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)?(:\d\d)?/,
    (_, date, time, hours, minutes) =>
      `${date}T${time}${hours === undefined ? "" : hours + (minutes ?? ":00")}`,
  );
}

function numberOrText(value: string): number | string {
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

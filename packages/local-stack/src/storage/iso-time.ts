import { identifier, type Part, part } from "../sql/statement.ts";

/** A column of times as ISO 8601 text, under its own name. */
export function isoTime(column: string): Part {
  const time = identifier(column);
  return part`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${time}`;
}

import type { PostgresType } from "postgres";
import { arrayText } from "./values.ts";

const arrayTypes = {
  199: json,
  1000: (text: string) => text === "t",
  1001: (text: string) => text,
  1005: numberOrText,
  1007: numberOrText,
  1009: (text: string) => text,
  1014: (text: string) => text,
  1015: (text: string) => text,
  1016: numberOrText,
  1021: numberOrText,
  1022: numberOrText,
  1115: isoTimestamp,
  1182: (text: string) => text,
  1185: isoTimestamp,
  1231: numberOrText,
  2951: (text: string) => text,
  3807: json,
};

/**
 * How values leave Postgres so that the JSON is what PostgREST, that is Postgres' own `to_json`,
 * prints: ISO 8601 times with full offsets, numbers as numbers, and text where JSON has no number
 * for it (NaN, Infinity). On the way in values are texts already, see `values.ts`.
 */
export const postgrestTypes: Record<string, PostgresType> = {
  bool: textual(16, [16], (text) => text === "t"),
  bytea: textual(17, [17], (text) => text),
  bigint: textual(20, [20], numberOrText),
  json: textual(114, [114], json),
  jsonb: textual(3802, [3802], json),
  float: textual(701, [700, 701], numberOrText),
  timestamp: textual(1114, [1114], isoTimestamp),
  timestamptz: textual(1184, [1184], isoTimestamp),
  numeric: textual(1700, [1700], numberOrText),
  ...Object.fromEntries(
    Object.entries(arrayTypes).map(([oid, parse]) => [
      `array${oid}`,
      {
        ...textual(Number(oid), [Number(oid)], (text) => parseArray(text, parse)),
        // Filters on arrays (`cs`, `ov`) come as lists.
        serialize: (value: unknown) =>
          Array.isArray(value) ? arrayText(value, parse === json ? "json" : "text") : value,
      },
    ]),
  ),
};

function textual(to: number, from: number[], parse: (text: string) => unknown): PostgresType {
  const serialize = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return { to, from, serialize, parse };
}

function json(text: string): unknown {
  return JSON.parse(text);
}

/** `2026-11-20 15:50:33.5+00` → `2026-11-20T15:50:33.5+00:00`; `infinity` stays. */
export function isoTimestamp(text: string): string {
  return text.replace(
    /^(\d+-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)?(:\d\d)?/,
    (_, date, time, hours, minutes) =>
      `${date}T${time}${hours === undefined ? "" : hours + (minutes ?? ":00")}`,
  );
}

function numberOrText(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/**
 * An array literal of Postgres, `{1,NULL,"a b"}`, nested ones included. The driver's own reader
 * takes an unquoted NULL for the word.
 */
export function parseArray(text: string, parse: (element: string) => unknown): unknown[] {
  // A literal with other lower bounds than 1 has them in front: `[0:1]={1,2}`.
  let at = text.indexOf("{") + 1;
  return list();

  function list(): unknown[] {
    const items: unknown[] = [];
    while (at < text.length && text[at] !== "}") {
      if (text[at] === ",") at++;
      items.push(item());
    }
    at++;
    return items;
  }

  function item(): unknown {
    if (text[at] === "{") {
      at++;
      return list();
    }
    if (text[at] === '"') return parse(quoted());
    const start = at;
    while (at < text.length && text[at] !== "," && text[at] !== "}") at++;
    const word = text.slice(start, at);
    return word === "NULL" ? null : parse(word);
  }

  function quoted(): string {
    let value = "";
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      value += text[at];
    }
    at++;
    return value;
  }
}

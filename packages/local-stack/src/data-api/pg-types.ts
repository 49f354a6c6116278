import pg from "pg";

const { builtins } = pg.types;

/**
 * A value as the JSON that PostgREST, that is Postgres' own `to_json`, prints: ISO 8601 times with
 * full offsets, numbers as numbers, and text where JSON has no number for it (NaN, Infinity).
 * @param elementTypes the element's type of every array type of the database
 */
export function postgrestValue(
  typeId: number,
  text: string,
  elementTypes: ReadonlyMap<number, number>,
): unknown {
  switch (typeId) {
    case builtins.BOOL:
      return text === "t";
    case builtins.INT2:
    case builtins.INT4:
    case builtins.INT8:
    case builtins.OID:
    case builtins.FLOAT4:
    case builtins.FLOAT8:
    case builtins.NUMERIC:
      return numberOrText(text);
    case builtins.TIMESTAMP:
    case builtins.TIMESTAMPTZ:
      return isoTimestamp(text);
    case builtins.JSON:
    case builtins.JSONB:
      return JSON.parse(text);
  }
  const element = elementTypes.get(typeId);
  if (element === undefined) return text;
  return parseArray(text, (item) => postgrestValue(element, item, elementTypes));
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

/** An array literal of Postgres, `{1,NULL,"a b"}`, nested ones included. */
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

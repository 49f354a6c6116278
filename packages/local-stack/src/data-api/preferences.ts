import { type Part, part, raw } from "../sql/statement.ts";
import { Refusal } from "./errors.ts";

/** What a request wishes for in its `Prefer` headers. */
export interface Preferences {
  return: "representation" | "minimal" | "headers-only" | null;
  count: "exact" | "planned" | "estimated" | null;
  resolution: "merge-duplicates" | "ignore-duplicates" | null;
  missing: "default" | "null" | null;
  tx: "commit" | "rollback" | null;
  handling: "strict" | "lenient" | null;
  maxAffected: number | null;
  timezone: string | null;
}

/** Of what is given twice the first counts. @throws Refusal PGRST122 for unknown ones, where that is asked for */
export function readPreferences(headers: Headers): Preferences {
  const given = (headers.get("prefer") ?? "").split(",").map((one) => one.trim());
  const known = new Set<string>();
  const choice = <T extends string>(key: string, choices: readonly T[]): T | null => {
    for (const one of choices) known.add(`${key}=${one}`);
    const first = given.find((one) => known.has(one) && one.startsWith(`${key}=`));
    return choices.find((one) => first === `${key}=${one}`) ?? null;
  };
  const text = (key: string, isValid: (value: string) => boolean): string | null => {
    const first = given.find((one) => one.startsWith(`${key}=`));
    const value = first?.slice(key.length + 1);
    if (first === undefined || value === undefined || !isValid(value)) return null;
    known.add(first);
    return value;
  };
  const maximum = text("max-affected", (value) => /^\d+$/.test(value));
  const preferences: Preferences = {
    return: choice("return", ["representation", "minimal", "headers-only"]),
    count: choice("count", ["exact", "planned", "estimated"]),
    resolution: choice("resolution", ["merge-duplicates", "ignore-duplicates"]),
    missing: choice("missing", ["default", "null"]),
    tx: choice("tx", ["commit", "rollback"]),
    handling: choice("handling", ["strict", "lenient"]),
    maxAffected: maximum === null ? null : Number(maximum),
    timezone: text("timezone", isTimezone),
  };
  const unknown = given.filter((one) => one !== "" && !known.has(one));
  if (preferences.handling !== "strict" || unknown.length === 0) return preferences;
  throw new Refusal(400, {
    code: "PGRST122",
    message: "Invalid preferences given with handling=strict",
    details: `Invalid preferences: ${unknown.join(", ")}`,
  });
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** How the answer is written, by the `Accept` header. */
export interface Media {
  kind: "json" | "object" | "csv" | "plan";
  isStripped: boolean;
  contentType: string;
  /** Options of `explain`. */
  plan?: { format: "json" | "text"; options: string[] };
}

/** @throws Refusal PGRST107 */
export function readMedia(accept: string | null): Media {
  for (const type of (accept ?? "*/*").split(",").map((one) => one.trim())) {
    const isStripped = type.includes("nulls=stripped");
    const found = (kind: Media["kind"], contentType: string): Media => ({
      kind,
      isStripped,
      contentType: `${contentType}${isStripped ? ";nulls=stripped" : ""}; charset=utf-8`,
    });
    if (/^(\*\/\*|application\/json)/i.test(type)) return found("json", "application/json");
    if (/^application\/vnd\.pgrst\.object/i.test(type)) {
      return found("object", "application/vnd.pgrst.object+json");
    }
    if (/^application\/vnd\.pgrst\.array/i.test(type)) {
      return found("json", isStripped ? "application/vnd.pgrst.array+json" : "application/json");
    }
    if (/^text\/csv/i.test(type)) return found("csv", "text/csv");
    if (/^application\/vnd\.pgrst\.plan/i.test(type)) return planMedia(type, found);
  }
  throw new Refusal(406, {
    code: "PGRST107",
    message: `None of these media types are available: ${accept}`,
  });
}

function planMedia(type: string, found: (kind: "plan", contentType: string) => Media): Media {
  const format = /^application\/vnd\.pgrst\.plan\+json/i.test(type) ? "json" : "text";
  const asked = (/options=([\w|]*)/.exec(type)?.[1] ?? "").split("|").filter(Boolean);
  const options = planOptions.filter((one) => asked.includes(one));
  const of = /for="([^"]+)"/.exec(type)?.[1] ?? "application/json";
  const shown = options.length === 0 ? "" : `; options=${options.join("|")}`;
  const contentType = `application/vnd.pgrst.plan+${format}; for="${of}"${shown}`;
  return { ...found("plan", contentType), plan: { format, options } };
}

const planOptions = ["analyze", "verbose", "settings", "buffers", "wal"];

/** The rows of `pgrst_page` in that form. */
export function bodySql(media: Media, shape: "rows" | "row" | "scalars" | "scalar"): Part {
  const value = raw(shape.startsWith("scalar") ? "pgrst_page.pgrst_scalar" : "pgrst_page");
  if (media.kind === "csv") {
    return raw(
      "coalesce((select string_agg(key, ',') from json_object_keys((select row_to_json(first) from (select * from pgrst_read limit 1) as first)) as key), '') || E'\\n' || coalesce(string_agg(substring(pgrst_page::text, 2, length(pgrst_page::text) - 2), E'\\n'), '')",
    );
  }
  const all = part`coalesce(json_agg(${value}), '[]')`;
  const rows = media.isStripped ? part`json_strip_nulls(${all})` : all;
  const isOne = shape === "row" || shape === "scalar";
  return isOne ? part`coalesce((${rows}->0)::text, 'null')` : part`(${rows})::text`;
}

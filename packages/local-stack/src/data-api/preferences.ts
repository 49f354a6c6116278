import { type Part, part, raw } from "../sql/statement.ts";
import { Refusal } from "./errors.ts";

/** What a request wishes for in its `Prefer` headers. */
export interface Preferences {
  return: "representation" | "minimal" | "headers-only" | null;
  count: "exact" | "planned" | "estimated" | null;
  resolution: "merge" | "ignore" | null;
  isDefaulted: boolean;
  isRolledBack: boolean;
  isStrict: boolean;
  maxAffected: number | null;
  timezone: string | null;
}

export function readPreferences(headers: Headers): Preferences {
  const given = new Map(
    (headers.get("prefer") ?? "").split(",").map((one): [string, string] => {
      const [key = "", value = ""] = one.split("=").map((word) => word.trim());
      return [key, value];
    }),
  );
  const choice = <T extends string>(key: string, known: readonly T[]): T | null =>
    known.find((one) => one === given.get(key)) ?? null;
  const maximum = given.get("max-affected");
  return {
    return: choice("return", ["representation", "minimal", "headers-only"]),
    count: choice("count", ["exact", "planned", "estimated"]),
    resolution:
      given.get("resolution") === "merge-duplicates"
        ? "merge"
        : given.get("resolution") === "ignore-duplicates"
          ? "ignore"
          : null,
    isDefaulted: given.get("missing") === "default",
    isRolledBack: given.get("tx") === "rollback",
    isStrict: given.get("handling") === "strict",
    maxAffected: maximum !== undefined && /^\d+$/.test(maximum) ? Number(maximum) : null,
    timezone: timezoneOf(given.get("timezone")),
  };
}

/** What is no time zone is passed over, as any preference that is not known. */
function timezoneOf(name: string | undefined): string | null {
  try {
    return name === undefined
      ? null
      : new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** How the answer is written, by the `Accept` header. */
export interface Media {
  kind: "json" | "object" | "csv" | "text" | "plan";
  isStripped: boolean;
  contentType: string;
  /** Options of `explain`. */
  plan?: { format: "json" | "text"; options: string[] };
}

const utf8 = "; charset=utf-8";

/** @throws Refusal PGRST107 */
export function readMedia(accept: string | null): Media {
  for (const type of (accept ?? "*/*").split(",").map((one) => one.trim())) {
    const isStripped = type.includes("nulls=stripped");
    const found = (kind: Media["kind"], contentType: string): Media => ({
      kind,
      isStripped,
      contentType: contentType + utf8,
    });
    if (/^(\*\/\*|application\/(json|\*))/.test(type)) return found("json", "application/json");
    if (/^application\/vnd\.pgrst\.object/.test(type)) {
      return found("object", "application/vnd.pgrst.object+json");
    }
    if (/^application\/vnd\.pgrst\.array/.test(type)) {
      return found("json", "application/vnd.pgrst.array+json");
    }
    if (type.startsWith("text/csv")) return found("csv", "text/csv");
    if (type.startsWith("text/plain")) return found("text", "text/plain");
    if (type.startsWith("application/vnd.pgrst.plan")) {
      const format = type.startsWith("application/vnd.pgrst.plan+json") ? "json" : "text";
      const contentType = `application/vnd.pgrst.plan+${format}`;
      const options = (/options=([\w|]*)/.exec(type)?.[1] ?? "").split("|").filter(Boolean);
      return { ...found("plan", contentType), plan: { format, options } };
    }
  }
  throw new Refusal(406, {
    code: "PGRST107",
    message: `None of these media types are available: ${accept}`,
  });
}

/** The rows of `pgrst_page` in that form. */
export function bodySql(media: Media, shape: "rows" | "row" | "scalars" | "scalar"): Part {
  const value = raw(shape.startsWith("scalar") ? "pgrst_page.pgrst_scalar" : "pgrst_page");
  if (media.kind === "text") return part`string_agg(${value}::text, '')`;
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

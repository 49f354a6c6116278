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

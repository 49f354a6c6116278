const steps: [unit: string, ms: number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** A span in the one unit that suits it: 240 ms, 1.2 sec, 3 min. */
export function span(ms: number | null, language: string): string {
  if (ms === null) return "–";
  const [unit, length] = steps.find(([, step]) => ms >= step) ?? ["millisecond", 1];
  const value = ms / length;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: unit !== "millisecond" && value < 10 ? 1 : 0,
  }).format(value);
}

/** How long ago; a clock that goes ahead says 0. */
export function since(time: string | null, language: string): string {
  return span(time === null ? null : Math.max(0, Date.now() - Date.parse(time)), language);
}

/** A day's time, and the day where it is another. */
export function moment(time: string, language: string): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(language, {
    timeStyle: "medium",
    ...(!isToday && { dateStyle: "medium" }),
  });
}

/** A count that was not counted further than 10,000. */
export function count(items: number, language: string): string {
  return items >= 10_000 ? `${(10_000).toLocaleString(language)}+` : items.toLocaleString(language);
}

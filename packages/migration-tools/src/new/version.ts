/** A migration's version: UTC as `YYYYMMDDHHMMSS`. */
function versionAt(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(/[-T:]/g, "");
}

/**
 * The version of the next migration: now, or a second after the last one's where the clock is
 * behind it. Migrations are applied in the order of their versions, so a new one is always last.
 * @param last the highest version so far; null where there is none
 */
export function nextVersion(last: string | null, now: Date): string {
  const version = versionAt(now);
  if (last === null || version > last) return version;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(last)?.map(Number) ?? [];
  if (
    year === undefined ||
    month === undefined ||
    day === undefined ||
    hour === undefined ||
    minute === undefined ||
    second === undefined
  ) {
    throw new RangeError(`Version ${last} is not YYYYMMDDHHMMSS.`);
  }
  return versionAt(new Date(Date.UTC(year, month - 1, day, hour, minute, second + 1)));
}

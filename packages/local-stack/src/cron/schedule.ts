import { Cron } from "croner";

/** When a job is due. All times are UTC, as pg_cron's are by default. */
export interface Schedule {
  /** Whether the job is due at `now`, given when it was last looked at or last started. */
  isDue(now: Date, since: { checked: Date; started: Date }): boolean;
  /** pg_cron runs a five-field job that came due during its own run once more afterwards. */
  queues: boolean;
}

// A timer may fire a little early; without this a "1 second" job would now and then skip a beat.
const toleranceMs = 100;

/**
 * Reads a schedule as pg_cron does: "5 seconds", or five fields, where `$` is the last day of a
 * month. Returns null for what cannot be read.
 */
export function readSchedule(text: string): Schedule | null {
  const seconds = /^\s*(\d+)\s+seconds?\s*$/.exec(text)?.[1];
  if (seconds !== undefined) {
    const everyMs = Number(seconds) * 1000;
    return {
      queues: false,
      isDue: (now, { started }) => now.getTime() - started.getTime() >= everyMs - toleranceMs,
    };
  }
  try {
    const cron = new Cron(text.trim().replaceAll("$", "L"), { timezone: "UTC", paused: true });
    return {
      queues: true,
      isDue: (now, { checked }) => {
        const next = cron.nextRun(checked);
        return next !== null && next <= now;
      },
    };
  } catch {
    return null;
  }
}

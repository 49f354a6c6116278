import { createLog, type Log } from "../log.ts";

/** Tests only: a log that collects its lines. */
export function collectingLog(): { log: Log; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({
    write: (line) => lines.push(JSON.parse(line)),
    now: () => new Date(0),
    secrets: [],
  });
  return { log, lines };
}

import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface ChaosOptions {
  /** Kills of function processes to be made. */
  kills: number;
  /** Faults begin within this time; then everything is left to settle. */
  minutes: number;
  seed: number;
  /** File for all that the stack's parts log; null: nowhere. */
  log: string | null;
  json: boolean;
  help: boolean;
}

/** A command line that cannot be understood; exit code 2. */
export class UsageError extends Error {}

export const usage = `Usage: npm run chaos [-- options]

Works a queue through the real functions, database and storage while it kills, stops, starves and
deceives them; then looks whether every promise was kept.

  --kills N     kills of a function in the middle of its work; default 200
  --minutes M   faults begin within this time; default 8
  --seed N      the same faults in the same order, as far as timing allows; default: by the clock
  --log FILE    write there what functions and stack log meanwhile
  --json        print one JSON object as the last line of stdout; all else goes to stderr
  --help        show this text

Exit code: 0 every promise was kept, 1 one was broken, 2 wrong usage.`;

/**
 * @param startedIn where the person typed the command; npm runs scripts from the project's root
 * @throws UsageError
 */
export function parseOptions(args: string[], startedIn: string): ChaosOptions {
  const values = parse(args);
  return {
    kills: positive("kills", values.kills ?? "200"),
    minutes: positive("minutes", values.minutes ?? "8"),
    seed: positive("seed", values.seed ?? String(Date.now() % 1_000_000)),
    log: values.log === undefined ? null : resolve(startedIn, values.log),
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        kills: { type: "string" },
        minutes: { type: "string" },
        seed: { type: "string" },
        log: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0 && text.trim() !== "") return number;
  throw new UsageError(`--${name} must be a number that is not negative, not "${text}".`);
}

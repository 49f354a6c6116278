import { parseArgs } from "node:util";
import { environmentHelp, type Place, readPlace } from "./place.ts";

export interface SmokeContext {
  place: Place;
  /** The value of an option that the script declared as its own. */
  flag(name: string): boolean;
  /** Prints a step that went well. */
  say(step: string): void;
  /** Runs after the check, whatever its outcome; the last one registered runs first. */
  cleanUp(work: () => PromiseLike<unknown>): void;
}

export interface Smoke {
  /** What the script proves, for `--help`. */
  help: string;
  /** Names of boolean options of its own, with what they do. */
  flags?: Record<string, string>;
  /** Throws where the place does not do what it should. */
  check(context: SmokeContext): Promise<void>;
}

/**
 * Runs a check against the place that the environment names. The last line of stdout is `PASS`, or
 * `FAIL: ` and the reason; the exit code is 0, 1, or 2 for wrong usage.
 */
export async function runSmoke({ help, flags = {}, check }: Smoke): Promise<void> {
  const options = Object.fromEntries(
    Object.keys(flags).map((name) => [name, { type: "boolean" as const }]),
  );
  let given: Record<string, string | boolean | undefined>;
  try {
    given = parseArgs({ options: { ...options, help: { type: "boolean", short: "h" } } }).values;
  } catch (error) {
    console.error(reasonOf(error));
    process.exitCode = 2;
    return;
  }
  if (given.help) {
    const own = Object.entries(flags).map(([name, meaning]) => `  --${name}  ${meaning}\n`);
    console.log(`${help}\n\n${own.join("")}${environmentHelp}`);
    return;
  }

  const cleanups: (() => PromiseLike<unknown>)[] = [];
  const failures: string[] = [];
  const attempt = async (work: () => PromiseLike<unknown>, prefix = "") => {
    try {
      await work();
    } catch (error) {
      failures.push(prefix + reasonOf(error));
    }
  };
  await attempt(() =>
    check({
      place: readPlace(process.env),
      flag: (name) => given[name] === true,
      say: (step) => console.log(`  ${step}`),
      cleanUp: (work) => cleanups.unshift(work),
    }),
  );
  for (const work of cleanups) await attempt(work, "cleaning up: ");
  console.log(failures.length === 0 ? "PASS" : `FAIL: ${failures.join("; ")}`);
  // A Realtime client keeps a timer for ten seconds after it has disconnected.
  process.exit(failures.length === 0 ? 0 : 1);
}

function reasonOf(error: unknown): string {
  const text =
    typeof error === "object" && error && "message" in error ? error.message : String(error);
  return String(text).replaceAll("\n", " ");
}

/**
 * `npm run db:verify`: compares a database with what the migrations make of an empty one. It reads
 * the catalogues of both and believes no history. Exit code 0: no difference; 1: differences; 2: it
 * could not be told.
 */
import { parseArgs } from "node:util";
import { projectRoot } from "../../../../scripts/project-root.ts";
import { ConnectionError } from "../connection/connection-error.ts";
import { chooseTarget, type Target, targetHelp, targetOptions } from "../connection/target.ts";
import { readMigrationTexts } from "./history.ts";
import { report } from "./report.ts";
import { type DatabaseState, readState } from "./state.ts";
import { judge, type Verdict } from "./verify.ts";

const usage = `Usage: npm run db:verify [-- OPTION …]

Compares a database with what supabase/migrations make of an empty one.

${targetHelp}
  --json         print the differences as one JSON object
  --help         show this

Exit code: 0 no difference, 1 differences, 2 the databases could not be compared.
`;

/** Set by Ctrl-C; what fails after it needs no words. */
let interruption: number | undefined;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...targetOptions,
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    const target = await chooseTarget(values);
    const verdict = await verify(target);
    const text = values.json
      ? JSON.stringify({ database: target.label, ...verdict }, null, 2)
      : report(verdict, target.label);
    process.stdout.write(`${text}\n`);
    return verdict.findings.length > 0 ? 1 : 0;
  } catch (error) {
    if (interruption !== undefined) return 128 + interruption;
    process.stderr.write(`${await sentenceOf(error)}\n`);
    return 2;
  }
}

async function verify(target: Target): Promise<Verdict> {
  // First, because it fails at once where it fails.
  const actual = await readState(target.url);
  say(`Comparing ${target.label} with the migrations`);
  const files = await readMigrationTexts(projectRoot);
  return judge(await expectedState(), actual, files);
}

async function expectedState(): Promise<DatabaseState> {
  // Loaded only now: help and refusals should not wait for it.
  const { migratedDatabase } = await import("../snapshot/migrated-database.ts");
  const starting = migratedDatabase({ onProgress: say });
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const) {
    process.once(signal, async () => {
      interruption = number;
      await starting.then((database) => database.close()).catch(() => {});
      process.exit(128 + number);
    });
  }
  await using database = await starting;
  return await readState(database.dbUrl);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One line for what a person can act on, everything for what is our own fault. */
async function sentenceOf(error: unknown): Promise<string> {
  if (error instanceof ConnectionError) return error.message;
  if (
    error instanceof TypeError &&
    "code" in error &&
    String(error.code).startsWith("ERR_PARSE_")
  ) {
    return `${error.message}\n\n${usage}`;
  }
  const { StackError } = await import("@sideline/local-stack");
  if (error instanceof StackError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

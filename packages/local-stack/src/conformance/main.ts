/** `npm run conformance -- DIR`: suites that others wrote for Supabase, against this stack. */
import { existsSync } from "node:fs";
import { appendFile, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { localDirectory } from "../project.ts";
import { messageOf, systemCode } from "../stack-error.ts";
import { runSuite } from "./run-suite.ts";
import type { Results } from "./suite.ts";
import { suites } from "./suites.ts";

const help = `Runs the suites of a public repository's checkout against a freshly made embedded stack.

npm run conformance -- DIR [options]

  DIR           a checkout of supabase/supabase-js, supabase/storage or supabase/realtime
  --suite NAME  only this one: ${suites.map(({ name }) => name).join(", ")}
  --json        print one line of JSON on stdout (npm --silent run conformance)
  --help        show this

URL, keys and the suites' own fixtures are adapted in a copy under .local/conformance; nothing else.
Exit code: 0 all passed, 1 some failed, 2 wrong usage.
`;

type Outcome = { suite: string } & Results;

function usage(sentence: string): number {
  process.stderr.write(`${sentence}\nSee npm run conformance -- --help\n`);
  return 2;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      suite: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) return usage("Name one folder.");
  const directory = path.resolve(process.env.INIT_CWD ?? ".", given);
  const found = suites.filter(
    ({ name, folder }) =>
      (values.suite ?? name) === name && existsSync(path.join(directory, folder)),
  );
  if (found.length === 0) return usage(`${directory} holds no suite that is known here.`);

  const logFile = path.join(localDirectory, "conformance", "log.txt");
  await mkdir(path.dirname(logFile), { recursive: true });
  await rm(logFile, { force: true });
  const log = (line: string) => void appendFile(logFile, `${line}\n`);
  const outcomes: Outcome[] = [];
  for (const suite of found) {
    process.stderr.write(`${suite.name} …\n`);
    outcomes.push({ suite: suite.name, ...(await runSuite(suite, directory, { log })) });
  }
  process.stdout.write(values.json ? `${JSON.stringify(outcomes)}\n` : table(outcomes));
  return outcomes.every(({ failed }) => failed.length === 0) ? 0 : 1;
}

function table(outcomes: Outcome[]): string {
  const lines = outcomes.flatMap(({ suite, passed, failed, skipped }) => [
    `${suite.padEnd(16)} ${passed} passed, ${failed.length} failed, ${skipped} skipped`,
    ...failed.map(({ test, reason }) => `  ${test}\n    ${reason}`),
  ]);
  return `${lines.join("\n")}\n`;
}

process.exitCode = await main().catch((error: unknown) => {
  if (systemCode(error)?.startsWith("ERR_PARSE_ARGS")) return usage(messageOf(error));
  throw error;
});

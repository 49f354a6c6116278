/**
 * `npm run check`: everything that can be said of the code without running the product. Runs all
 * steps, whatever fails, and says at the end how each went.
 */
import { parseArgs, styleText } from "node:util";
import { type Stack, startTemporaryStack } from "@sideline/local-stack";
import type { Step, StepContext } from "./step.ts";
import { formatAndLint, functionTypes, types } from "./steps/code.ts";
import { consoleSize } from "./steps/console-size.ts";
import * as database from "./steps/database.ts";
import { docsLinks } from "./steps/docs-links.ts";
import { fileLength } from "./steps/file-length.ts";
import { scale, stateMachine } from "./steps/generated-sections.ts";
import { licences } from "./steps/licences.ts";
import { relationships } from "./steps/relationships.ts";
import { schema } from "./steps/schema.ts";
import { migrationRules, migrations } from "./steps/schema-lint.ts";
import { versions } from "./steps/versions.ts";

/** Generated types come first: the other steps read them. */
const steps: Step[] = [
  database.types,
  schema,
  database.docs,
  relationships,
  stateMachine,
  scale,
  formatAndLint,
  types,
  functionTypes,
  versions,
  licences,
  migrations,
  migrationRules,
  fileLength,
  docsLinks,
  consoleSize,
];

const usage = `Usage: npm run check [-- --write] [-- STEP …]

  --write   mend what can be mended: format, and what is generated
  STEP      run only the steps whose name contains this: ${steps.map(({ name }) => name).join(", ")}`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const chosen = steps.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  if (chosen.length === 0) {
    console.error(usage);
    return 2;
  }
  const { stack, close } = disposableStack();
  try {
    return await runSteps(chosen, { write: values.write ?? false, stack });
  } finally {
    await close();
  }
}

async function runSteps(chosen: Step[], context: StepContext): Promise<number> {
  const rows: string[] = [];
  let failures = 0;
  for (const step of chosen) {
    const started = performance.now();
    const findings = await step
      .run(context)
      .catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    const failed = findings.length > 0;
    if (failed) {
      failures += 1;
      console.log(`${styleText("red", step.name)}\n${findings.join("\n")}\n`);
    }
    const outcome = failed ? styleText("red", "failed") : styleText("green", "passed");
    rows.push(`  ${step.name.padEnd(20)} ${outcome} ${seconds} s`);
  }
  console.log(rows.join("\n"));
  console.log(`${chosen.length - failures} passed, ${failures} failed`);
  return failures > 0 ? 1 : 0;
}

/** Nothing is started unless somebody asks. */
function disposableStack(): { stack(): Promise<Stack>; close(): Promise<void> } {
  let starting: Promise<Stack> | undefined;
  return {
    stack() {
      starting ??= startTemporaryStack({ cron: false, prewarm: false, providers: "environment" });
      return starting;
    },
    async close() {
      const stack = await starting?.catch(() => null);
      await stack?.stop();
    },
  };
}

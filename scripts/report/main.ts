/** `npm run report`: what the records say of the last days, for people, for programs, as traces. */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import {
  chooseTarget,
  connect,
  runCommand,
  targetHelp,
  targetOptions,
  UsageError,
} from "@sideline/migration-tools/command";
import { sideline } from "../db/sideline.ts";
import { readReport, reportText } from "./report.ts";
import { readTraces } from "./traces.ts";

const help = `Usage: npm run report -- [OPTION …]

Health of the stages, latencies, failures, spend, what remarks are made of, who uses it.

  --days N       how far back (default 1; fractions are allowed)
  --json         one JSON object instead of tables
  --otlp TO      instead, the attempts as OpenTelemetry spans (OTLP/JSON): into a file, or posted
                 to a collector's address (http://localhost:4318/v1/traces)
${targetHelp(sideline)}
  --help         show this
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: {
      ...targetOptions,
      days: { type: "string", default: "1" },
      json: { type: "boolean" },
      otlp: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const days = Number(values.days);
  if (!(days > 0 && days <= 400)) throw new UsageError("--days is a number, at most 400.");
  const target = await chooseTarget(sideline, values);
  const client = await connect(target.url);
  try {
    if (values.otlp !== undefined) {
      const { traces, spans } = await readTraces(client, days);
      await send(values.otlp, JSON.stringify(traces));
      process.stdout.write(`${spans} spans to ${values.otlp}\n`);
      return 0;
    }
    const report = await readReport(client, days);
    const text = values.json ? JSON.stringify(report) : reportText(report, target.label);
    process.stdout.write(`${text}\n`);
    return 0;
  } finally {
    await client.end();
  }
}

async function send(to: string, body: string): Promise<void> {
  if (!/^https?:\/\//.test(to)) return await writeFile(to, body);
  const headers = { "content-type": "application/json" };
  const response = await fetch(to, { method: "POST", headers, body }).catch((error: unknown) => {
    throw new Error(`The collector at ${to} cannot be reached.`, { cause: error });
  });
  if (!response.ok) throw new Error(`The collector answered with status ${response.status}.`);
}

await runCommand("npm run report -- --help", main);

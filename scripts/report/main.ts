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
import { readSpans, traceRequest } from "./traces.ts";

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
      const { spans, all } = await readSpans(client, days);
      await send(values.otlp, spans);
      process.stdout.write(`${spans.length} spans to ${values.otlp}\n`);
      if (!all) process.stderr.write("There are more: these are of the latest 100,000 attempts.\n");
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

/** Spans of one request: some 2 MB, where collectors take 4 MB and more. */
const piece = 5000;

async function send(to: string, spans: object[]): Promise<void> {
  if (!/^https?:\/\//.test(to)) return await writeFile(to, JSON.stringify(traceRequest(spans)));
  const headers = { "content-type": "application/json" };
  for (let from = 0; from < spans.length; from += piece) {
    const response = await fetch(to, {
      method: "POST",
      headers,
      body: JSON.stringify(traceRequest(spans.slice(from, from + piece))),
      // A POST that is sent elsewhere arrives without its spans.
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
    }).catch((error: unknown) => {
      throw new Error(`The collector at ${to} cannot be reached.`, { cause: error });
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The collector answered with status ${response.status}.`);
  }
}

await runCommand("npm run report -- --help", main);

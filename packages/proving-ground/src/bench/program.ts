/** What every bench does around its measuring: progress, breaking off, the report in its forms. */
import { readFile, writeFile } from "node:fs/promises";
import os, { constants } from "node:os";
import { parseArgs } from "node:util";
import { markdownOf, replaceSection, type Table } from "./table.ts";

/** A number that may be given on the command line: a whole one from 1 unless it says otherwise. */
export interface BenchNumber {
  value: number;
  about: string;
  /** From here up to `most`, fractions included. */
  least?: number;
  most?: number;
}

interface BenchProgram<Name extends string> {
  name: string;
  /** What it measures, for the help. */
  about: string;
  numbers: Record<Name, BenchNumber>;
  measure(bench: Bench, numbers: Record<Name, number>): Promise<Result>;
}

/** A bench whose options are numbers, with its help; wrong ones end it with 2. */
export async function benchProgram<Name extends string>(program: BenchProgram<Name>) {
  const { name, about, measure } = program;
  const known = Object.entries<BenchNumber>(program.numbers);
  const options = Object.fromEntries(
    known.map(([option, { value }]) => [option, { type: "string", default: `${value}` } as const]),
  );
  const { values } = parseArgs({ options: { ...options, ...reportOptions } });
  const given: Record<string, unknown> = values;
  const numbers = Object.fromEntries(known.map(([option]) => [option, Number(given[option])]));
  const areRight = known.every(([option, { least, most = Number.POSITIVE_INFINITY }]) => {
    const number = numbers[option] ?? Number.NaN;
    return least === undefined
      ? Number.isInteger(number) && number >= 1
      : number >= least && number <= most;
  });
  if (!values.help && areRight) {
    return await runBench(name, values, (bench) => measure(bench, numbers as Record<Name, number>));
  }
  const lines = known.map(
    ([option, { value, about }]) => `${`  --${option} N`.padEnd(20)}${about} (default ${value})`,
  );
  const head = `${about}\n\nnpm run ${name} -- [options]\n`;
  console.log([head, ...lines, reportHelp(name)].join("\n"));
  process.exitCode = values.help ? 0 : 2;
}

/** Options of every bench, for `parseArgs`. */
export const reportOptions = {
  json: { type: "boolean", default: false },
  markdown: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The same for its help. */
export const reportHelp = (name: string) => `\
  --json            print one line of JSON at the end, with every measurement
  --markdown FILE   write the tables into FILE, between its marks "${name} begins" and "… ends"`;

export interface Bench {
  /** Progress, with the seconds that have passed; it goes to standard error. */
  say(line: string): void;
  /** Told how to stop what was started, for a run that is broken off. */
  track(stop: () => Promise<void>): void;
}

export interface Result {
  /** What the numbers depend on beside the machine, a line each. */
  conditions: string[];
  tables: Table[];
  /** For programs. */
  data: object;
  /** How much of what was measured must not have been. */
  faults: number;
}

/** Measures, prints the report, and sets the exit code. */
export async function runBench(
  name: string,
  { json, markdown }: { json: boolean; markdown?: string | undefined },
  measure: (bench: Bench) => Promise<Result>,
): Promise<void> {
  const running = stopWhenInterrupted();
  const machine = describeMachine();
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  try {
    const { conditions, tables, data, faults } = await measure({
      say: (line) => console.error(`${String(seconds()).padStart(5)} s  ${line}`),
      track: (stop) => running.stops.push(stop),
    });
    const lines = [...machineLines(machine, seconds()), ...conditions].map((line) => `- ${line}`);
    const text = `${lines.join("\n")}\n\n${tables.map(markdownOf).join("\n")}`;
    if (markdown !== undefined) {
      const document = await readFile(markdown, "utf8");
      await writeFile(markdown, replaceSection(document, name, text));
    }
    console.log(json ? JSON.stringify({ machine, seconds: seconds(), ...data }) : text);
    process.exitCode = faults === 0 ? 0 : 1;
  } catch (error) {
    // Stopping the servers breaks off whatever was being measured.
    if (running.isInterrupted) return;
    console.error(error);
    // What was broken off may have left sockets that reconnect for ever.
    process.exit(1);
  }
}

function stopWhenInterrupted() {
  const running = { stops: [] as (() => Promise<void>)[], isInterrupted: false };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, async () => {
      if (running.isInterrupted) process.exit(128 + constants.signals[signal]);
      running.isInterrupted = true;
      await Promise.allSettled(running.stops.map((stop) => stop()));
      process.exit(128 + constants.signals[signal]);
    });
  }
  return running;
}

/** Where and when numbers were taken. */
function describeMachine() {
  const [cpu] = os.cpus();
  return {
    date: new Date().toISOString(),
    cores: os.availableParallelism(),
    cpu: cpu?.model.trim() ?? "unknown",
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    /** Of the last minute, before the bench began: near 0 on a quiet machine. */
    loadBefore: os.loadavg()[0] ?? 0,
  };
}

function machineLines(machine: ReturnType<typeof describeMachine>, seconds: number): string[] {
  const { date, cores, cpu, memoryGiB, kernel, node, loadBefore } = machine;
  return [
    `${date}, ${seconds} s in all; load of the machine before: ${loadBefore.toFixed(2)}`,
    `${cores} cores (${cpu}), ${memoryGiB} GiB, ${kernel}, Node ${node}`,
  ];
}

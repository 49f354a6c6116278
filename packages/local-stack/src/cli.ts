/** `npm start`: runs a stack until Ctrl-C. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultStackDirectory } from "./project.ts";
import type { Stack } from "./stack.ts";
import { messageOf, StackError } from "./stack-error.ts";

const help = `Runs Supabase on this machine, without Docker, until Ctrl-C.

npm start -- [options]

  --port N      port of the API (default 54321; 0 picks a free one)
  --db-port N   port of Postgres (default 54322; 0 picks a free one)
  --dir PATH    folder of all data (default .local/stack)
  --reset       begin anew: removes what that folder holds
  --calls       log what each call of a function used of CPU time and memory, as JSON
  --json        print one line of JSON with URLs and keys when ready; logs go to stderr
                (npm prints a banner on stdout before it: npm --silent start -- --json)
  --help        show this
`;

/** Where it is taken, the console gets another one. */
const consolePort = 54330;

class UsageError extends Error {}

function parse() {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: "54321" },
        "db-port": { type: "string", default: "54322" },
        dir: { type: "string", default: defaultStackDirectory },
        reset: { type: "boolean", default: false },
        calls: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function portNumber(flag: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new UsageError(`${flag} wants a number from 0 to 65535, not "${text}".`);
  }
  return port;
}

function table(stack: Stack, consoleUrl: string): string {
  const rows = [
    ["Console", consoleUrl],
    ["API", stack.apiUrl],
    ["Database", stack.dbUrl],
    ["Mails", `${stack.apiUrl}/inbox?apikey=${stack.secretKey}`],
    ["Publishable key", stack.publishableKey],
    ["Secret key", stack.secretKey],
    ["JWT secret", stack.jwtSecret],
    ["Data", stack.dir],
  ];
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  const lines = rows.map(([name = "", value]) => `  ${name.padEnd(width)}  ${value}`);
  const seconds = (stack.startedInMs / 1000).toFixed(1);
  return `Ready in ${seconds} s\n\n${lines.join("\n")}\n\nCtrl-C stops it.`;
}

function json({ apiUrl, dbUrl, publishableKey, secretKey, jwtSecret }: Stack): string {
  return JSON.stringify({ apiUrl, dbUrl, publishableKey, secretKey, jwtSecret });
}

/** Settles at the first Ctrl-C (or SIGTERM, or closed terminal); the second one ends at once. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        count += 1;
        // What is left is ended by the guardian, which notices that this process is gone.
        if (count > 1) process.exit(130);
        resolve();
      });
    }
  });
}

/** Whoever read the output may be gone before the stack is; stopping in order goes on without. */
function survivePipesThatClose(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

async function main(): Promise<number> {
  survivePipesThatClose();
  const { dir, reset, ...options } = parse();
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const port = portNumber("--port", options.port);
  const dbPort = portNumber("--db-port", options["db-port"]);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const stopAsked = interrupted();
  // Loaded only now: help and refusals of options should not wait for them.
  const { startStack } = await import("./stack.ts");
  const starting = startStack({
    ...{ dir, reset, port, dbPort, renderWorker: true, onProgress: say, log: say },
    ...(options.calls && {
      onFunctionCall: (name, usage) => say(JSON.stringify({ event: "call.used", name, ...usage })),
    }),
  });
  const ready = await Promise.race([starting, stopAsked]);
  if (ready !== undefined) {
    if (options.json) {
      process.stdout.write(`${json(ready)}\n`);
      await stopAsked;
    } else {
      const { serveConsole } = await import("@sideline/console/serve");
      const served = await serveConsole({
        project: ready,
        outDirectory: join(ready.dir, "console"),
        port: consolePort,
      });
      process.stdout.write(`${table(ready, served.url)}\n`);
      await stopAsked;
      await served.close();
    }
  }
  say("Stopping");
  await (await starting).stop();
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nSee npm start -- --help\n`);
    process.exitCode = 2;
  } else if (error instanceof StackError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}

// Runs the offline providers as a process of their own: `node cli.ts [--port N] [--host ADDRESS]`. Prints one JSON
// line `{"url":…}` on stdout when ready. Ends on SIGTERM or SIGINT, and when a stdin that is a pipe
// closes, so that a parent that dies leaves nothing behind.

import { fstatSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { startLocalProviders } from "./server.ts";

const USAGE = `Usage: node packages/local-providers/src/cli.ts [--port N] [--host ADDRESS] [--cold]

Serves the Gemini and Cloud Text-to-Speech protocols without a model or a network.

  --port N         port to listen on (default 0: any free one)
  --host ADDRESS   address to listen on (default 127.0.0.1; functions in containers need 0.0.0.0)
  --cold           spare the warming up, at the cost of who speaks first
  --help           this text
`;

const portSchema = z.coerce.number().int().min(0).max(65_535);

try {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      host: { type: "string" },
      cold: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) process.stdout.write(USAGE);
  else await serve(values.port, values.host, !values.cold);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

async function serve(portText: string, host: string | undefined, warmUp: boolean): Promise<void> {
  const port = portSchema.safeParse(portText);
  if (!port.success) throw new Error(`--port must be a number from 0 to 65535, not ${portText}`);
  const providers = await startLocalProviders({ port: port.data, host, warmUp });
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    void providers.stop().finally(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (isPipe(0)) {
    process.stdin.on("end", stop).on("close", stop).on("error", stop);
    process.stdin.resume();
  }
  process.stdout.write(`${JSON.stringify({ url: providers.url })}\n`);
}

/** Node gives a spawned child a socket where other parents give a FIFO. */
function isPipe(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

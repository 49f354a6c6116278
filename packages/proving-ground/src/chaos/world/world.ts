import { createWriteStream } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openSql, type Sql, type Stack, startStack } from "@sideline/local-stack";
import { keepLedger, type Ledger } from "./ledger.ts";
import { createOwners, type Owner } from "./owners.ts";
import { type FunctionProcesses, functionProcesses } from "./processes.ts";
import { openWire, type Wire } from "./wire.ts";

/** A whole stack of its own, and every handle by which it can be shaken. */
export interface World {
  stack: Stack;
  /** As the superuser, on connections that no injector takes. */
  sql: Sql;
  wire: Wire;
  ledger: Ledger;
  processes: FunctionProcesses;
  owners: Owner[];
  /** What the stack's parts have logged, the last lines. */
  logged: readonly string[];
  close(): Promise<void>;
}

/** How the database names the connections that belong to the run itself. */
export const ownName = "chaos";

const keptLines = 2_000;

export async function openWorld(ownerCount: number, logFile: string | null): Promise<World> {
  const dir = await mkdtemp(path.join(tmpdir(), "sideline-chaos-"));
  // Postgres runs under another account where this runs as root, and has to get in.
  await chmod(dir, 0o711);
  const wire = await openWire();
  const processes = functionProcesses();
  const logged: string[] = [];
  const file = logFile === null ? null : createWriteStream(logFile);
  const stack = await startStack({
    dir,
    port: 0,
    dbPort: 0,
    durable: false,
    providers: "local",
    functionsEnv: { SUPABASE_URL: wire.url },
    onFunctionProcess: processes.add,
    log: (line) => {
      file?.write(`${new Date().toISOString()} ${line}\n`);
      logged.push(line);
      if (logged.length > keptLines) logged.shift();
    },
  });
  wire.connect(stack.apiUrl);
  const ledger = keepLedger();
  wire.addRule(ledger.rule);
  const sql = openSql(stack.adminDbUrl, { max: 4, name: ownName });
  await sql.run(await readFile(new URL("audit.sql", import.meta.url), "utf8"));
  return {
    stack,
    sql,
    wire,
    ledger,
    processes,
    owners: await createOwners(stack, ownerCount),
    logged,
    async close() {
      await sql.end();
      await stack.stop();
      await wire.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { openSql, type Sql, type Stack, startTemporaryStack } from "@sideline/local-stack";
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
  const wire = await openWire();
  const processes = functionProcesses();
  const logged: string[] = [];
  const file = logFile === null ? null : createWriteStream(logFile);
  const stack = await startTemporaryStack({
    providers: "local",
    prewarm: false,
    functionsEnv: { SUPABASE_URL: wire.gate.url },
    onFunctionProcess: processes.add,
    log: (line) => {
      file?.write(`${new Date().toISOString()} ${line}\n`);
      logged.push(line);
      if (logged.length > keptLines) logged.shift();
    },
  });
  wire.gate.target = stack.apiUrl;
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
      await wire.gate.stop();
    },
  };
}

import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { InjectorFactory } from "./injector.ts";

const patienceMs = 30_000;

/** Stops Postgres in mode `immediate`, which is a crash; the stack starts it again by itself. */
export const restartPostgres: InjectorFactory = ({ stack, sql }) => {
  const lockFile = path.join(stack.dir, "postgres/cluster/postmaster.pid");
  let restarts = 0;

  async function postmaster(): Promise<number> {
    return Number((await readFile(lockFile, "utf8")).split("\n")[0]);
  }

  return {
    name: "restart-postgres",
    every: [30_000, 50_000],
    async strike() {
      const before = await postmaster();
      process.kill(before, "SIGQUIT");
      for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(50)) {
        const answer = await sql`select`.catch(() => null);
        if (answer === null || (await postmaster()) === before) continue;
        restarts += 1;
        break;
      }
    },
    counts: () => ({ "Postgres restarts": restarts }),
  };
};

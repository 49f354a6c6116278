import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { ownName } from "../world/world.ts";
import type { InjectorFactory } from "./injector.ts";

const atOnce = 20;
const most = 300;
const heldMs = 2_500;

/** Takes every connection that Postgres gives away, some out of the hands of those who had them. */
export const exhaustConnections: InjectorFactory = ({ stack, sql }) => {
  let times = 0;
  let refused = 0;
  let held: pg.Client[] = [];

  async function takeSome(): Promise<boolean> {
    const taken = await Promise.all(
      Array.from({ length: atOnce }, async () => {
        const client = new pg.Client({
          connectionString: stack.dbUrl,
          application_name: ownName,
          connectionTimeoutMillis: 5_000,
        });
        client.on("error", () => {});
        try {
          await client.connect();
          held.push(client);
          return true;
        } catch {
          refused += 1;
          return false;
        }
      }),
    );
    return taken.every(Boolean);
  }

  async function restore(): Promise<void> {
    const before = held;
    held = [];
    await Promise.allSettled(before.map((client) => client.end()));
  }

  return {
    name: "exhaust-connections",
    every: [40_000, 80_000],
    async strike() {
      try {
        while (held.length < most && (await takeSome()));
        await sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'data-api'`;
        await takeSome();
        times += 1;
        await sleep(heldMs);
      } finally {
        await restore();
      }
    },
    restore,
    counts: () => ({ "connections exhausted": times, "connections refused": refused }),
  };
};

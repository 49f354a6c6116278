import { setTimeout as sleep } from "node:timers/promises";
import { type PostgresServer, type ServerOptions, startPostgres } from "./server.ts";

const attempts = 20;
const pauseMs = 500;

/**
 * Starts Postgres and starts it again, on the same port, should it end without being asked to. All
 * that connects to it connects again by itself.
 * @throws StackError when the first start fails
 */
export async function keepPostgres(
  options: ServerOptions,
  log: (line: string) => void,
): Promise<{ stop(): Promise<void> }> {
  let server = await startPostgres(options);
  let stopped = false;
  let restarting: Promise<void> = Promise.resolve();
  watch(server);

  function watch(current: PostgresServer): void {
    void current.ended.then(() => {
      if (!stopped) restarting = restart();
    });
  }

  async function restart(): Promise<void> {
    log("postgres: ended unexpectedly, starting it again");
    for (let attempt = 1; !stopped && attempt <= attempts; attempt += 1) {
      try {
        // The first tries may fail while processes of the dead server still hold its memory.
        server = await startPostgres(options);
        log("postgres: accepts connections again");
        watch(server);
        return;
      } catch (error) {
        log(`postgres: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(pauseMs);
      }
    }
  }

  return {
    stop: async () => {
      stopped = true;
      await restarting;
      await server.stop();
    },
  };
}

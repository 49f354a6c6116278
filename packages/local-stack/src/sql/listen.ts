import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const reconnectMs = 500;

/**
 * Listens to a channel of `notify` on a connection of its own, and again after it was lost.
 * `onMissed` is called each time listening begins: what was told before then has been missed.
 */
export function listen(options: {
  url: string;
  name: string;
  channel: string;
  onNotify(): void;
  onMissed(): void;
}) {
  const { url, name, channel, onNotify, onMissed } = options;
  const ready = Promise.withResolvers<void>();
  const stopped = new AbortController();
  let client: pg.Client | undefined;

  async function once(): Promise<void> {
    const current = new pg.Client({
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = current;
    const lost = new Promise<void>((resolve) => {
      current.on("error", () => resolve());
      current.on("end", () => resolve());
    });
    current.on("notification", onNotify);
    try {
      await current.connect();
      await current.query(`listen ${pg.escapeIdentifier(channel)}`);
      ready.resolve();
      onMissed();
      await lost;
    } finally {
      await current.end().catch(() => {});
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await once().catch(() => {});
      await sleep(reconnectMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  }

  const running = run();
  return {
    /** Resolves once the first connection listens. */
    ready: ready.promise,
    async stop(): Promise<void> {
      stopped.abort();
      await client?.end().catch(() => {});
      await running;
    },
  };
}

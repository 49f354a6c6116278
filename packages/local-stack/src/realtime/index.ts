import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { usableRoles } from "../caller.ts";
import type { ServiceKeys } from "../keys.ts";
import { openSql } from "../sql/sql.ts";
import { createChangeFeed } from "./change-feed.ts";
import type { Vsn } from "./frames.ts";
import { createIdentities } from "./identity.ts";
import { passOnMessage, removeOldMessages } from "./messages.ts";
import { followReplication } from "./replication.ts";
import { answerBroadcast } from "./rest.ts";
import { publication, type Services } from "./services.ts";
import { serveSocket } from "./socket.ts";
import { Subscriptions } from "./subscriptions.ts";
import { Presences, Topics } from "./topics.ts";

const messagesPublication = "supabase_realtime_messages_publication";
const maxFrameBytes = 10 * 1024 * 1024;
const cleanUpMs = 3_600_000;

export type Realtime = Awaited<ReturnType<typeof startRealtime>>;

/**
 * Realtime as supabase-js knows it: changes of tables, broadcast and presence over WebSockets.
 * Returns at once; subscriptions come into force as soon as changes can be followed.
 * @param options.adminDbUrl as supabase_admin
 */
export async function startRealtime(options: {
  adminDbUrl: string;
  keys: ServiceKeys;
  log(line: string): void;
}) {
  const { adminDbUrl, keys, log } = options;
  // Times are shown in UTC; a policy that never ends must not hold up everybody's changes.
  const settings = { TimeZone: "UTC", statement_timeout: "8s" };
  const sql = openSql(adminDbUrl, { max: 5, name: "realtime", settings });
  const identities = await createIdentities(keys, usableRoles(sql));
  const topics = new Topics();
  const subscriptions = new Subscriptions();
  const onResume = new Set<() => void>();
  const pushChange = createChangeFeed(sql, subscriptions, log);
  const replication = followReplication({
    url: adminDbUrl,
    publications: [publication, messagesPublication],
    onChange(change) {
      const { schema, name } = change.relation;
      if (schema !== "realtime" || name !== "messages") return pushChange(change);
      if (change.next !== null) passOnMessage(topics, change.next);
      return undefined;
    },
    onResume: () => {
      for (const resume of onResume) resume();
    },
    log,
  });
  const presences = new Presences(topics);
  const services: Services = {
    ...{ sql, identities, topics, presences, subscriptions, replication, onResume, log },
  };
  const cleanUp = () =>
    removeOldMessages(sql).catch((error: unknown) => log(`realtime: ${String(error)}`));
  const cleaning = setInterval(cleanUp, cleanUpMs);
  void cleanUp();

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    clearInterval(cleaning);
    for (const client of server.clients) client.terminate();
    server.close();
    await replication.stop();
    await sql.end();
  }

  const server = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });
  return {
    /** Takes over a connection to `/realtime/v1/websocket`. */
    async handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
      socket.on("error", () => {});
      const url = new URL(request.url ?? "/", "http://localhost");
      if (!/^\/realtime\/v1(\/socket)?\/websocket$/.test(url.pathname)) {
        return refuseUpgrade(socket, "404 Not Found", "There is no such socket");
      }
      const key = url.searchParams.get("apikey") ?? request.headers["x-api-key"];
      const identity = typeof key === "string" ? await identities.ofKey(key) : null;
      if (identity === null) return refuseUpgrade(socket, "401 Unauthorized", "Invalid API key");
      const vsn: Vsn = url.searchParams.get("vsn") === "2.0.0" ? "2.0.0" : "1.0.0";
      server.handleUpgrade(request, socket, head, (webSocket) =>
        serveSocket(services, webSocket, request, identity, vsn),
      );
    },
    /** Serves what is below `/realtime/v1` over HTTP; checks keys and tokens itself. */
    fetch: (request: Request) => answerBroadcast(services, request),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function refuseUpgrade(socket: Duplex, status: string, message: string): void {
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

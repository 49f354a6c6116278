/**
 * Stands in, within the copy of functions-js, for the Docker relay in front of its functions: passes
 * on to the stack. Copied there, not imported.
 */
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const { SUPABASE_URL = "" } = process.env;

export class Relay {
  #server: Server;
  id = "stack";
  container: { getMappedPort(inside: number): number };

  constructor(server: Server) {
    this.#server = server;
    this.container = { getMappedPort: () => (server.address() as AddressInfo).port };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export async function runRelay(_slug: string, _secret: string): Promise<Relay> {
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url } = incoming;
    const { host: _, ...headers } = incoming.headers;
    const target = `${SUPABASE_URL}/functions/v1${url}`;
    const forwarded = request(target, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    outgoing.on("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return new Relay(server);
}

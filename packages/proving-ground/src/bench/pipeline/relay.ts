import { once } from "node:events";
import { createServer, request as sendRequest } from "node:http";
import { portOf } from "./instant-providers.ts";

/** Stands before the gateway, passes all on, and counts the calls of functions. */
export interface Relay {
  url: string;
  /** Where to pass requests on to; set once that is known. */
  target: string | null;
  /** Calls of functions that came through. */
  calls: number;
  stop(): Promise<void>;
}

/**
 * @param options.dropsCalls calls of functions are answered and go no further: whoever is given
 *   this address as the project's URL can reach everything but other functions
 */
export async function startRelay(options: { dropsCalls: boolean }): Promise<Relay> {
  const server = createServer((request, response) => {
    const isCall = (request.url ?? "").startsWith("/functions/v1/");
    if (isCall) relay.calls += 1;
    if (relay.target === null || (isCall && options.dropsCalls)) {
      request.resume();
      response.writeHead(204).end();
      return;
    }
    const { hostname, port } = new URL(relay.target);
    const { method, url, headers } = request;
    const onward = sendRequest({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once("error", () => response.destroy());
    response.once("close", () => onward.destroy());
    request.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const relay: Relay = {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    target: null,
    calls: 0,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return relay;
}

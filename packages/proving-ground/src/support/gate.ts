/** Stands between whoever calls and a project's API, for what happens on the way. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { ConnectionLost, forward } from "@sideline/local-stack/parts";

export interface Gate {
  url: string;
  /** The API's address; null until that is known. */
  target: string | null;
  stop(): Promise<void>;
}

/** Longer than any function lives. */
const patienceMs = 170_000;

/** Sends a request on. Where `outlives`, it goes on although who sent it has died. */
export type Proceed = (request: Request, outlives?: boolean) => Promise<Response>;

/** @param serve answers each request, by `proceed` or by itself */
export async function startGate(
  serve: (request: Request, proceed: Proceed) => Promise<Response>,
): Promise<Gate> {
  const proceed: Proceed = async (request, outlives = false) => {
    if (gate.target === null) return gone();
    const patience = AbortSignal.timeout(patienceMs);
    const signal = outlives ? patience : AbortSignal.any([request.signal, patience]);
    return await forward(request, Number(new URL(gate.target).port), signal);
  };
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: async (request) => {
      try {
        return await serve(request, proceed);
      } catch (error) {
        if (error instanceof ConnectionLost || request.signal.aborted) return gone();
        throw error;
      }
    },
  }) as Server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const gate: Gate = {
    url: `http://127.0.0.1:${port}`,
    target: null,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return gate;
}

/** What a caller meets whose call or answer got lost on the way. */
export function gone(): Response {
  return Response.json({ message: "The connection was lost." }, { status: 502 });
}

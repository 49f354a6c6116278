import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { onTestFinished } from "vitest";

export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: Headers;
  body: Uint8Array;
}

/** What a test's server answers; `call` counts from 1. */
export type Answer = (request: ReceivedRequest, call: number) => Response | Promise<Response>;

/** Tests only: a real HTTP server on loopback that ends with the test. */
export async function serveHttp(
  answer: Answer,
): Promise<{ url: string; received: ReceivedRequest[] }> {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of incoming) pieces.push(piece);
    const request: ReceivedRequest = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: new Headers(
        Object.entries(incoming.headersDistinct).map(([k, v]) => [k, String(v)]),
      ),
      body: new Uint8Array(Buffer.concat(pieces)),
    };
    const response = await answer(request, received.push(request));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    // What breaks off, or is not read to its end, is part of what is tested.
    await pipeline(response.body ?? [], outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${address.port}`, received };
}

/** Tests only: the JSON that was sent. */
export function jsonBody(request: ReceivedRequest): unknown {
  return JSON.parse(new TextDecoder().decode(request.body));
}

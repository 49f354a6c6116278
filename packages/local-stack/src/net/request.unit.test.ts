import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type QueuedRequest, send } from "./request.ts";

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    if (request.url === "/never") return;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.writeHead(201, { "content-type": "text/plain", "x-seen": request.headers.apikey });
    response.end(`${request.method} ${Buffer.concat(chunks).toString()}\0`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function queued(change: Partial<QueuedRequest>): QueuedRequest {
  return {
    id: "7",
    method: "POST",
    url,
    headers: { apikey: "k" },
    body: Buffer.from("{}"),
    timeout_milliseconds: 5000,
    ...change,
  };
}

const never = new AbortController().signal;

test("an answer is kept with status, type, headers and text", async () => {
  expect(await send(queued({}), never)).toMatchObject({
    id: "7",
    status_code: 201,
    content_type: "text/plain",
    headers: { "x-seen": "k" },
    content: "POST {}",
    timed_out: false,
    error_msg: null,
  });
});

test("a server that does not answer in time is a timeout", async () => {
  const outcome = await send(queued({ url: `${url}/never`, timeout_milliseconds: 50 }), never);

  expect(outcome).toMatchObject({ timed_out: true, error_msg: "Timeout of 50 ms reached." });
});

test("a server that is not there is an error with its reason", async () => {
  const outcome = await send(queued({ url: "http://127.0.0.1:9" }), never);

  expect(outcome.status_code).toBeNull();
  expect(outcome.error_msg).toMatch(/ECONNREFUSED|bad port/);
});

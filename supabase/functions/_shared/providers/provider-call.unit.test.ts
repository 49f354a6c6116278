import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createProviderCall, jsonOf, type ProviderRequest } from "./provider-call.ts";

/** A server that writes as it likes; `seen` are the requests that reached it. */
async function providerThat(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen };
}

const call = createProviderCall("Gemini", { apiKey: "the-key", fetch });

const get = (url: string, more: Partial<ProviderRequest> = {}) =>
  call({
    url,
    method: "GET",
    headers: {},
    signal: new AbortController().signal,
    timeoutMs: 5_000,
    maxBytes: 1_000,
    ...more,
  });

const unavailable = (detail: string) => ({ code: "provider_unavailable", fate: "defer", detail });

describe("a call to a provider", () => {
  test("carries the key in a header and reads the answer to its end", async () => {
    const { url, seen } = await providerThat((_request, response) => response.end('{"ü":1}'));

    const answer = await get(url, { method: "POST", body: "x" });

    expect(answer).toMatchObject({ ok: true, status: 200, text: '{"ü":1}' });
    expect(jsonOf(answer)).toEqual({ ü: 1 });
    expect(seen[0]?.headers["x-goog-api-key"]).toBe("the-key");
  });

  test.each([301, 302, 303, 307, 308])("follows no redirect (%i)", async (status) => {
    const elsewhere = await providerThat((_request, response) => response.end("{}"));
    const { url } = await providerThat((_request, response) =>
      response.writeHead(status, { location: elsewhere.url }).end(),
    );

    await expect(get(url)).rejects.toMatchObject(
      unavailable(`Gemini wanted to send us elsewhere (status ${status})`),
    );
    expect(elsewhere.seen).toEqual([]);
  });

  test.each([
    ["too much at once", (response: ServerResponse) => void response.end("x".repeat(5_000))],
    [
      "without an end",
      (response: ServerResponse) => {
        const write = (): void => {
          if (response.destroyed) return;
          response.write("x".repeat(400));
          setImmediate(write);
        };
        write();
      },
    ],
  ])("reads an answer %s only to its limit", async (_what, write) => {
    let left: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => {
      left = resolve;
    });
    const { url } = await providerThat((_request, response) => {
      response.on("close", () => left?.());
      write(response);
    });

    await expect(get(url)).rejects.toMatchObject(
      unavailable("Gemini answered with more than 1000 bytes"),
    );
    await closed;
  });

  test.each([
    ["says nothing", () => undefined],
    ["stops in the middle", (response: ServerResponse) => void response.write('{"a":')],
  ])("has a deadline for a provider that %s", async (_what, write) => {
    const { url } = await providerThat((_request, response) => write(response));

    await expect(get(url, { timeoutMs: 60 })).rejects.toMatchObject(
      unavailable("Gemini did not answer in time"),
    );
  });

  test("ends with the abort's own reason while the answer is read", async () => {
    const { url } = await providerThat((_request, response) => void response.write("{"));
    const abort = new AbortController();
    const work = get(url, { signal: abort.signal });

    setTimeout(() => abort.abort(new Error("shutting down")), 30);

    await expect(work).rejects.toThrow("shutting down");
  });

  test("a connection that breaks is a provider that cannot be reached", async () => {
    const { url } = await providerThat((request) => request.socket.destroy());

    await expect(get(url)).rejects.toMatchObject(unavailable("Gemini could not be reached"));
  });
});

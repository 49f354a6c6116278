import { expect, test } from "vitest";
import { collectingLog } from "../testing/collecting-log.ts";
import { answer } from "./endpoint.ts";
import { json } from "./responses.ts";

function post(body: BodyInit) {
  const endpoint = {
    name: "ssmlWorker" as const,
    log: collectingLog().log,
    authenticate: async () => ({ kind: "service" as const }),
    refused: () => {},
    handle: async (call: { body: unknown }) => json(call.body),
  };
  // Node wants to be told that a streamed body is not answered while it is sent.
  const init = { method: "POST", body, duplex: "half" };
  return answer(endpoint, new Request("http://x/ssmlWorker", init));
}

test("a body in pieces is read whole", async () => {
  const bytes = new TextEncoder().encode('{"a":"é"}');
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 7));
      controller.enqueue(bytes.subarray(7));
      controller.close();
    },
  });

  expect(await (await post(pieces)).json()).toEqual({ a: "é" });
});

test("a body without end is not read to its end", async () => {
  let pieces = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pieces++;
      controller.enqueue(new Uint8Array(32 * 1024).fill(32));
    },
  });

  const response = await post(endless);

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ message: "The body is too long." });
  expect(pieces).toBeLessThan(10);
});

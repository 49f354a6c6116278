import { RealtimeClient } from "@supabase/supabase-js";
import { describe, expect, test } from "vitest";
import { decodeFrame, encodePush, encodeUserBroadcast, type Vsn } from "./frames.ts";

/** The real client's own codec is the other side of every test. */
function clientOf(vsn: Vsn): RealtimeClient {
  return new RealtimeClient("ws://localhost", { params: { apikey: "key" }, vsn });
}

function encodedByClient(vsn: Vsn, payload: object, event = "broadcast"): Buffer | string {
  let encoded: Buffer | string = "";
  const message = { topic: "realtime:ünï", event, payload, ref: "2", join_ref: "1" };
  clientOf(vsn).encode(message, (data: ArrayBuffer | string) => {
    encoded = typeof data === "string" ? data : Buffer.from(data);
  });
  return encoded;
}

function decodedByClient(vsn: Vsn, data: Buffer | string | null) {
  let decoded: unknown;
  const raw =
    data === null || typeof data === "string" ? (data ?? "") : new Uint8Array(data).buffer;
  clientOf(vsn).decode(raw, (message: unknown) => {
    decoded = message;
  });
  return decoded;
}

describe.each<Vsn>(["1.0.0", "2.0.0"])("version %s", (vsn) => {
  test("reads what the client writes", () => {
    const data = encodedByClient(vsn, { config: {} }, "phx_join");

    expect(decodeFrame(Buffer.from(data), false, vsn)).toEqual({
      joinRef: "1",
      ref: "2",
      topic: "realtime:ünï",
      event: "phx_join",
      payload: { config: {} },
    });
  });

  test("writes what the client reads", () => {
    const head = { joinRef: "1", ref: null, topic: "realtime:ünï", event: "system" };
    const data = encodePush({ ...head, payload: '{"a":"\\""}' }, vsn);

    expect(decodedByClient(vsn, data)).toEqual({
      join_ref: "1",
      ref: null,
      topic: "realtime:ünï",
      event: "system",
      payload: { a: '"' },
    });
  });
});

describe("binary frames of 2.0.0", () => {
  const bytes = new Uint8Array([0, 1, 255]).buffer;

  test.each([
    ["json", { text: "✓" }, Buffer.from('{"text":"✓"}')],
    ["binary", bytes, Buffer.from(bytes)],
  ])("%s bodies are read unchanged", (encoding, payload, body) => {
    const data = encodedByClient("2.0.0", { type: "broadcast", event: "çall", payload });

    expect(decodeFrame(Buffer.from(data), true, "2.0.0")).toMatchObject({
      joinRef: "1",
      ref: "2",
      topic: "realtime:ünï",
      event: "broadcast",
      broadcast: { event: "çall", encoding, body },
    });
  });

  test.each([
    ["json", Buffer.from('{"text":"✓"}'), { text: "✓" }],
    ["binary", Buffer.from(bytes), bytes],
  ] as const)("%s bodies are written as the client reads them", (encoding, body, payload) => {
    const user = { event: "çall", encoding, body, meta: { id: "1" } };

    expect(decodedByClient("2.0.0", encodeUserBroadcast("realtime:ünï", user, "2.0.0"))).toEqual({
      join_ref: null,
      ref: null,
      topic: "realtime:ünï",
      event: "broadcast",
      payload: { type: "broadcast", event: "çall", payload, meta: { id: "1" } },
    });
  });

  test("become text for version 1.0.0, which cannot say bytes", () => {
    const user = { event: "call", body: Buffer.from('{"a":1}') };

    const text = encodeUserBroadcast("realtime:t", { ...user, encoding: "json" }, "1.0.0");
    expect(decodedByClient("1.0.0", text)).toMatchObject({
      event: "broadcast",
      payload: { type: "broadcast", event: "call", payload: { a: 1 } },
    });
    expect(encodeUserBroadcast("realtime:t", { ...user, encoding: "binary" }, "1.0.0")).toBeNull();
  });

  test("that are cut short, or of another kind, are no frames", () => {
    expect(() => decodeFrame(Buffer.from([3, 1]), true, "2.0.0")).toThrow();
    expect(() => decodeFrame(Buffer.alloc(20, 9), true, "2.0.0")).toThrow();
    expect(() => decodeFrame(Buffer.from("{}"), false, "2.0.0")).toThrow();
  });
});

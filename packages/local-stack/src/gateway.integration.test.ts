import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { FunctionsHost } from "./functions/index.ts";
import { startGateway } from "./gateway.ts";
import { openTestGateway, type TestGateway, type TestUser } from "./test-gateway.ts";

/** A function that is protected, and one that is not; both tell what reached them. */
const functions: FunctionsHost = {
  verifiesJwt: async (name) => name === "protected",
  fetch: async (request) =>
    Response.json({ path: new URL(request.url).pathname, method: request.method }),
  prewarm: async () => {},
  stop: async () => {},
};

let stack: TestGateway;
let user: TestUser;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"), { functions });
  user = await stack.user();
});
afterAll(() => stack.stop());

const doors = {
  rest: "/rest/v1/coach_voices?select=id",
  auth: "/auth/v1/user",
  storage: "/storage/v1/bucket",
  functions: "/functions/v1/protected",
};
const call = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(stack.url + path, { ...init, headers });

describe("API keys", () => {
  test.each([doors.rest, doors.auth])("none: %s is closed", async (path) => {
    const answer = await call(path);

    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ message: "No API key found in request" });
  });

  test("none: Storage asks for one in its own way", async () => {
    const answer = await call(doors.storage);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      statusCode: "403",
      message: "Invalid Compact JWS",
    });
  });

  test.each([doors.rest, doors.auth, doors.storage])("unknown: %s is closed", async (path) => {
    const apikey = `${stack.keys.secretKey}x`;

    expect((await call(path, { apikey })).status).toBe(401);
    expect((await call(path, { authorization: `Bearer ${apikey}` })).status).toBe(401);
  });

  test("a key may come as header, as bearer or in the address", async () => {
    const { secretKey } = stack.keys;
    const storage = "/storage/v1/object/raw/x";
    const answers = await Promise.all([
      call(storage, { apikey: secretKey }),
      call(storage, { authorization: `Bearer ${secretKey}` }),
      call(`${storage}?apikey=${secretKey}`),
    ]);

    const roles = await Promise.all(answers.map(async (answer) => (await answer.json()).role));
    expect(roles).toEqual(["service_role", "service_role", "service_role"]);
  });

  test("a user's token decides the role, even beside the secret key", async () => {
    const answer = await call(doors.storage, {
      apikey: stack.keys.secretKey,
      authorization: `Bearer ${user.token}`,
    });

    expect(await answer.json()).toMatchObject({ role: "authenticated", userId: user.id });
  });

  test("links that carry their own signature need no key", async () => {
    const paths = ["/storage/v1/object/public/b/x", "/storage/v1/object/sign/b/x?token=t"];
    for (const path of paths) expect((await call(path)).status).toBe(200);
    const upload = await call("/storage/v1/object/upload/sign/b/x?token=t", {}, { method: "PUT" });
    expect(await upload.json()).toMatchObject({ role: "anon", path: "/object/upload/sign/b/x" });
  });
});

describe("functions", () => {
  test("a protected one needs a user's token; a key is none", async () => {
    const statuses = [
      (await call(doors.functions)).status,
      (await call(doors.functions, { apikey: stack.keys.secretKey })).status,
      (await call(doors.functions, { authorization: `Bearer ${stack.keys.secretKey}` })).status,
      (await call(doors.functions, { authorization: `Bearer ${user.token}` })).status,
    ];

    expect(statuses).toEqual([401, 401, 401, 200]);
  });

  test("sees its own path, and the preflight too", async () => {
    const got = await call("/functions/v1/open/a/b?c=d");
    const preflight = await call("/functions/v1/protected", {}, { method: "OPTIONS" });

    expect(await got.json()).toEqual({ path: "/open/a/b", method: "GET" });
    expect(await preflight.json()).toEqual({ path: "/protected", method: "OPTIONS" });
  });
});

describe("browsers", () => {
  test("a preflight allows what it asks for", async () => {
    const { status, headers } = await call(
      "/rest/v1/coach_voices",
      {
        origin: "http://localhost:3000",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "apikey,x-anything",
      },
      { method: "OPTIONS" },
    );

    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-methods")).toContain("PATCH");
    expect(headers.get("access-control-allow-headers")).toBe("apikey,x-anything");
  });

  test("answers and refusals can be read from any origin", async () => {
    const answer = await call(doors.storage, { apikey: stack.keys.publishableKey });
    const refusal = await call(doors.rest);

    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/content-range/i);
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/upload-offset/i);
    expect(refusal.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("bodies", () => {
  test("an upload is passed on as it comes, not gathered first", async () => {
    let reached: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const streaming = await openTestGateway(inject("stack"), {
      storage: {
        async fetch(request) {
          const reader = request.body?.getReader();
          const first = await reader?.read();
          reached();
          let bytes = first?.value?.byteLength ?? 0;
          for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
            bytes += part.value.byteLength;
          }
          return Response.json({ bytes });
        },
      },
    });
    const chunk = new Uint8Array(64 * 1024);
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(chunk);
        // The rest follows only once the service has seen the beginning.
        await begun;
        for (let index = 0; index < 320; index++) controller.enqueue(chunk);
        controller.close();
      },
    });

    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    const answer = await fetch(`${streaming.url}/storage/v1/object/raw/x`, {
      ...init,
      headers: { apikey: streaming.keys.secretKey },
    });

    expect(await answer.json()).toEqual({ bytes: 321 * chunk.byteLength });
    await streaming.stop();
  });
});

describe("other doors", () => {
  test("health needs no key, an unknown path is 404", async () => {
    expect((await call("/health")).status).toBe(200);
    expect((await call("/nowhere")).status).toBe(404);
  });

  test("a port in use is said in a sentence", async () => {
    const { port } = stack.gateway;
    const again = startGateway({
      port,
      sql: stack.sql,
      dbUrl: inject("stack").dbUrl,
      keys: stack.keys,
      storage: { fetch: async () => new Response() },
      functions,
    });

    await expect(again).rejects.toMatchObject({
      name: "StackError",
      code: "port_in_use",
      message: expect.stringContaining(String(port)),
    });
  });

  test("an upgrade is handed to realtime, everything else about it is refused", async () => {
    const upgrade = (port: number, path: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(port, "127.0.0.1", () => {
          socket.write(
            `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`,
          );
        });
        socket.once("data", (data) => {
          resolve(data.toString("utf8").split("\r\n")[0] ?? "");
          socket.destroy();
        });
        socket.once("error", reject);
      });
    const open = await openTestGateway(inject("stack"), {
      onUpgrade: (_, socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    });

    expect(await upgrade(open.gateway.port, "/realtime/v1/websocket")).toContain("101");
    expect(await upgrade(open.gateway.port, "/elsewhere")).toContain("501");
    expect(await upgrade(stack.gateway.port, "/realtime/v1/websocket")).toContain("501");
    await open.stop();
  });
});

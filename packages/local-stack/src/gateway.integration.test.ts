import { connect } from "node:net";
import { createClient } from "@supabase/supabase-js";
import { importJWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { olderKeys } from "./auth/tokens.ts";
import type { FunctionsHost } from "./functions/index.ts";
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
  stack = await openTestGateway(inject("stack"), {
    functions,
    realtime: {
      fetch: async () => new Response(),
      handleUpgrade: async (_, socket) =>
        void socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    },
  });
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
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("without a key, or with an unknown one, every door is closed, in its own way", async () => {
  for (const path of [doors.rest, doors.auth]) {
    const answer = await call(path);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ message: "No API key found in request" });
  }
  const storage = await call(doors.storage);
  expect(storage.status).toBe(400);
  expect(await storage.json()).toMatchObject({ statusCode: "403", message: "Invalid Compact JWS" });
  const apikey = `${stack.keys.secretKey}x`;
  for (const path of [doors.rest, doors.auth, doors.storage]) {
    expect((await call(path, { apikey })).status).toBe(401);
    expect((await call(path, bearer(apikey))).status).toBe(401);
  }
});

test("a key may come as header, as bearer or in the address; beside any a user's token decides", async () => {
  const { secretKey } = stack.keys;
  const storage = "/storage/v1/object/raw/x";
  for (const answer of [
    await call(storage, { apikey: secretKey }),
    await call(storage, bearer(secretKey)),
    await call(`${storage}?apikey=${secretKey}`),
  ]) {
    expect(await answer.json()).toMatchObject({ role: "service_role" });
  }
  const both = await call(doors.storage, { apikey: secretKey, ...bearer(user.token) });
  expect(await both.json()).toMatchObject({ role: "authenticated", userId: user.id });
});

test("links that carry their own signature need no key", async () => {
  const paths = ["/storage/v1/object/public/b/x", "/storage/v1/object/sign/b/x?token=t"];
  for (const path of paths) expect((await call(path)).status).toBe(200);
  const upload = await call("/storage/v1/object/upload/sign/b/x?token=t", {}, { method: "PUT" });
  expect(await upload.json()).toMatchObject({ role: "anon", path: "/object/upload/sign/b/x" });
});

test("a protected function needs a user's token, a key is none; it sees its path and the preflight", async () => {
  const { secretKey } = stack.keys;
  const none: Record<string, string>[] = [{}, { apikey: secretKey }, bearer(secretKey)];

  for (const headers of none) expect((await call(doors.functions, headers)).status).toBe(401);
  expect((await call(doors.functions, bearer(user.token))).status).toBe(200);
  const got = await call("/functions/v1/open/a/b?c=d");
  expect(await got.json()).toEqual({ path: "/open/a/b", method: "GET" });
  const preflight = await call(doors.functions, {}, { method: "OPTIONS" });
  expect(await preflight.json()).toEqual({ path: "/protected", method: "OPTIONS" });
});

test("a browser's preflight allows what it asks for; answers and refusals can be read from any origin", async () => {
  const asked = {
    origin: "http://localhost:3000",
    "access-control-request-method": "PATCH",
    "access-control-request-headers": "apikey,x-anything",
  };
  const preflight = await call(doors.rest, asked, { method: "OPTIONS" });
  const answer = await call(doors.storage, { apikey: stack.keys.publishableKey });

  expect(preflight.status).toBe(200);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": expect.stringContaining("PATCH"),
    "access-control-allow-headers": "apikey,x-anything",
  });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "access-control-expose-headers": expect.stringMatching(/content-range.*upload-offset/is),
  });
  expect((await call(doors.rest)).headers.get("access-control-allow-origin")).toBe("*");
});

test("an upload is passed on as it comes, not gathered first", async () => {
  const { promise: begun, resolve: reached } = Promise.withResolvers<void>();
  const streaming = await openTestGateway(inject("stack"), {
    storage: {
      async fetch({ body }) {
        let bytes = 0;
        for await (const part of body ?? []) {
          reached();
          bytes += part.byteLength;
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
  const headers = { apikey: streaming.keys.secretKey };
  const answer = await fetch(`${streaming.url}/storage/v1/object/raw/x`, { ...init, headers });

  expect(await answer.json()).toEqual({ bytes: 321 * chunk.byteLength });
  await streaming.stop();
});

test("health needs no key, an unknown path is 404, an upgrade is handed to realtime", async () => {
  expect((await call("/health")).status).toBe(200);
  expect((await call("/nowhere")).status).toBe(404);
  const first = await new Promise<string>((resolve, reject) => {
    const socket = connect(stack.gateway.port, "127.0.0.1", () => {
      const head = "GET /realtime/v1/websocket HTTP/1.1\r\nhost: x\r\n";
      socket.write(`${head}connection: Upgrade\r\nupgrade: websocket\r\n\r\n`);
    });
    socket.once("data", (data) => {
      resolve(data.toString("utf8"));
      socket.destroy();
    });
    socket.once("error", reject);
  });
  expect(first).toContain("101 Switching Protocols");
});

/** Tokens that Auth here has not handed out: forgeries, and those signed with the printed secret. */
const soon = () => Math.floor(Date.now() / 1000) + 600;
const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
const claims = (): JWTPayload => ({
  sub: user.id,
  role: "service_role",
  aud: "authenticated",
  exp: soon(),
});
const symmetric = (secret: string) =>
  new SignJWT(claims())
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
async function ours(payload: JWTPayload, kid = stack.keys.signingKey.kid) {
  const key = await importJWK(stack.keys.signingKey, "ES256");
  return await new SignJWT(payload).setProtectedHeader({ alg: "ES256", kid }).sign(key);
}

const forgeries: [string, () => Promise<string> | string][] = [
  ["no token at all", () => "x.y.z"],
  ["alg none", () => `${encode({ alg: "none", typ: "JWT" })}.${encode(claims())}.`],
  ["signed with the publishable key", () => symmetric(stack.keys.publishableKey)],
  ["signed with another secret", () => symmetric("another secret of thirty-two letters")],
  ["signed with the public key as a secret", () => symmetric(stack.keys.signingKey.x)],
  [
    "changed after signing",
    () => {
      const [header, , signature] = user.token.split(".");
      return [header, encode(claims()), signature].join(".");
    },
  ],
  ["expired", () => ours({ ...claims(), role: "authenticated", exp: soon() - 7200 })],
  ["of an unknown role", () => ours({ ...claims(), role: "postgres" })],
  ["of another key's id", () => ours(claims(), "other")],
  ...["RS256", "HS512"].map((alg): [string, () => string] => [
    `${alg} with our key's id`,
    () => `${encode({ alg, kid: stack.keys.signingKey.kid })}.${encode(claims())}.c2ln`,
  ]),
];

test.each(forgeries)("%s: refused at every door", async (_, forge) => {
  const authorization = `Bearer ${await forge()}`;
  const headers = { apikey: stack.keys.publishableKey, authorization };

  const answers = await Promise.all(Object.values(doors).map((path) => call(path, headers)));

  expect(answers.map(({ status }) => status)).toEqual([401, 403, 400, 401]);
});

test("one signed with the printed secret is accepted at every door", async () => {
  const authorization = `Bearer ${await symmetric(stack.keys.jwtSecret)}`;
  const headers = { apikey: stack.keys.publishableKey, authorization };

  const answers = await Promise.all(Object.values(doors).map((path) => call(path, headers)));

  expect(answers.filter(({ status }) => status === 401 || status === 403)).toEqual([]);
});

test("keys of the older kind, signed with the printed secret, are keys", async () => {
  const keys = await olderKeys(stack.keys.jwtSecret);
  const client = createClient(stack.url, keys.SUPABASE_SERVICE_ROLE_KEY ?? "");
  const anon = createClient(stack.url, keys.SUPABASE_ANON_KEY ?? "");

  expect((await client.auth.admin.listUsers()).error).toBeNull();
  expect((await anon.auth.admin.listUsers()).error?.status).toBe(401);
  expect((await client.storage.listBuckets()).error).toBeNull();
});

test("what is wrong with a token is said", async () => {
  const early = await ours({ ...claims(), nbf: soon() });
  const unclear = await ours({ ...claims(), exp: "soon" as unknown as number });
  const said = async (token: string) => {
    const headers = { apikey: stack.keys.publishableKey, ...bearer(token) };
    return await (await call(doors.rest, headers)).json();
  };

  expect(await said("a.b")).toMatchObject({
    code: "PGRST301",
    message: "Expected 3 parts in JWT; got 2",
  });
  expect(await said(early)).toMatchObject({ code: "PGRST303", message: "JWT not yet valid" });
  expect(await said(unclear)).toMatchObject({
    code: "PGRST303",
    message: "The JWT 'exp' claim must be a number",
  });
});

test("an expired one is told apart", async () => {
  const token = await ours({ ...claims(), role: "authenticated", exp: soon() - 7200 });
  const headers = { apikey: stack.keys.publishableKey, authorization: `Bearer ${token}` };

  expect(await (await call(doors.rest, headers)).json()).toMatchObject({
    code: "PGRST303",
    message: "JWT expired",
  });
  expect(await (await call(doors.auth, headers)).json()).toMatchObject({
    code: 403,
    error_code: "bad_jwt",
    msg: expect.stringMatching(/token is expired$/),
  });
});

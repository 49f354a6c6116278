import { createClient } from "@supabase/supabase-js";
import { importJWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway, type TestUser } from "../test-gateway.ts";

/** Tokens that Auth here has not handed out: forgeries, and those signed with the printed secret. */
let stack: TestGateway;
let user: TestUser;

beforeAll(async () => {
  const functions = {
    verifiesJwt: async () => true,
    fetch: async () => Response.json({}),
    prewarm: async () => {},
    stop: async () => {},
  };
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
];

test.each(forgeries)("%s: refused at every door", async (_, forge) => {
  const authorization = `Bearer ${await forge()}`;
  const headers = { apikey: stack.keys.publishableKey, authorization };

  const answers = await Promise.all(Object.values(doors).map((path) => call(path, headers)));

  expect(answers.map(({ status }) => status)).toEqual([401, 401, 400, 401]);
});

test("one signed with the printed secret is accepted at every door", async () => {
  const authorization = `Bearer ${await symmetric(stack.keys.jwtSecret)}`;
  const headers = { apikey: stack.keys.publishableKey, authorization };

  const answers = await Promise.all(Object.values(doors).map((path) => call(path, headers)));

  expect(answers.filter(({ status }) => status === 401 || status === 403)).toEqual([]);
});

test("keys of the older kind, signed with the printed secret, are keys", async () => {
  const key = await new SignJWT({ role: "service_role" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(stack.keys.jwtSecret));
  const client = createClient(stack.url, key);

  expect((await client.auth.admin.listUsers()).error).toBeNull();
  expect((await client.storage.listBuckets()).error).toBeNull();
});

test("an expired one is told apart", async () => {
  const token = await ours({ ...claims(), role: "authenticated", exp: soon() - 7200 });
  const headers = { apikey: stack.keys.publishableKey, authorization: `Bearer ${token}` };

  expect(await (await call(doors.rest, headers)).json()).toMatchObject({
    code: "PGRST303",
    message: "JWT expired",
  });
});

import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import { Channel } from "./channel.ts";
import { createIdentities } from "./identity.ts";
import type { Services } from "./services.ts";
import { Subscriptions } from "./subscriptions.ts";
import { Presences, Topics } from "./topics.ts";

const jwtSecret = "a-secret-of-at-least-thirty-two-letters";
afterEach(() => {
  vi.useRealTimers();
});

test("a channel whose socket goes while its token is read leaves no timer behind", async () => {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const keys = { publishableKey: "p", secretKey: "s", jwtSecret };
  const { x = "", y = "", d = "" } = await exportJWK(privateKey);
  const names = { kty: "EC", crv: "P-256", alg: "ES256", use: "sig" } as const;
  const signingKey = { ...names, x, y, d, kid: "own" };
  const identities = await createIdentities({ ...keys, signingKey }, async () => true);
  const token = await new SignJWT({ role: "authenticated" })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(jwtSecret));
  const asked = Promise.withResolvers<void>();
  const topics = new Topics();
  const services = {
    topics,
    presences: new Presences(topics),
    subscriptions: new Subscriptions(),
    onResume: new Set<() => void>(),
    identities: {
      ...identities,
      async ofToken(text: string) {
        const identity = await identities.ofToken(text);
        setImmediate(asked.resolve);
        return identity;
      },
    },
  } as unknown as Services;
  const forgotten: Channel[] = [];
  const connection = {
    ...{ vsn: "2.0.0" as const, headers: "{}" },
    identity: { role: "anon", claims: "{}", expiresAt: null },
    send: () => undefined,
    forget: (channel: Channel) => void forgotten.push(channel),
  };
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

  const payload = { config: {}, access_token: token };
  const frame = { joinRef: "1", ref: "1", topic: "realtime:news", event: "phx_join", payload };
  const channel = new Channel(services, connection, frame);
  channel.end();
  await asked.promise;

  expect(forgotten).toEqual([channel]);
  expect(vi.getTimerCount()).toBe(0);
});

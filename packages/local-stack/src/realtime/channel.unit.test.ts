import { SignJWT } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import { generateKeys } from "../keys.ts";
import { Channel } from "./channel.ts";
import { createIdentities } from "./identity.ts";
import type { Services } from "./services.ts";
import { Subscriptions } from "./subscriptions.ts";
import { Presences, Topics } from "./topics.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("a channel whose socket goes while its token is read leaves no timer behind", async () => {
  const keys = generateKeys();
  const identities = await createIdentities(keys, async () => true);
  const token = await new SignJWT({ role: "authenticated" })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(keys.jwtSecret));
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

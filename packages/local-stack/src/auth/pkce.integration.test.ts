import { randomUUID } from "node:crypto";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";
import { follow, newestMail } from "./test-mails.ts";

let stack: TestGateway;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
});
afterAll(() => stack.stop());

const newEmail = () => `${randomUUID()}@example.com`;

test("a token tells how its session began, refreshed ones too", async () => {
  const email = newEmail();
  const methods = async ({ auth }: SupabaseClient) => {
    const { data } = await auth.getClaims();
    return data?.claims.amr?.map((one) => (typeof one === "string" ? one : one.method));
  };
  const client = stack.anon();
  await client.auth.signUp({ email, password: "correct horse" });
  expect(await methods(client)).toEqual(["password"]);
  await client.auth.signInWithOtp({ email });
  const { code, link } = await newestMail(stack, email);
  await client.auth.verifyOtp({ email, token: code, type: "email" });
  expect(await methods(client)).toEqual(["otp"]);
  await client.auth.refreshSession();
  expect(await methods(client)).toEqual(["otp"]);
  expect((await follow(link)).session.get("error_code")).toBe("otp_expired");
});

describe("PKCE", () => {
  const memory = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
  };
  const client = () =>
    createClient(stack.url, stack.keys.publishableKey, {
      auth: { flowType: "pkce", autoRefreshToken: false, storage: memory() },
    }).auth;

  test("a link gives a code, which only the client that asked turns into a session, once", async () => {
    const email = newEmail();
    const [own, other] = [client(), client()];
    await own.signInWithOtp({ email });
    await other.signInWithOtp({ email: newEmail() });
    const { status, url, session } = await follow((await newestMail(stack, email)).link);
    const code = url.searchParams.get("code") ?? "";

    expect([status, session.has("access_token")]).toEqual([303, false]);
    expect((await other.exchangeCodeForSession(code)).error?.code).toBe("bad_code_verifier");
    expect((await own.exchangeCodeForSession(code)).data.user?.email).toBe(email);
    expect((await own.getClaims()).data?.claims.amr).toMatchObject([{ method: "magiclink" }]);
    expect((await own.getUser()).data.user?.email).toBe(email);
    await own.signInWithOtp({ email });
    expect((await own.exchangeCodeForSession(code)).error?.code).toBe("flow_state_not_found");
  });

  test("the mail's digits and its token's hash do too; what is wrong is in the address", async () => {
    const email = newEmail();
    const auth = client();
    await auth.signInWithOtp({ email });
    const { link } = await newestMail(stack, email);
    const token_hash = link.searchParams.get("token") ?? "";

    expect(token_hash).toMatch(/^pkce_/);
    expect((await auth.verifyOtp({ type: "email", token_hash })).data.user?.email).toBe(email);
    expect((await follow(link)).url.searchParams.get("error_code")).toBe("otp_expired");
    await auth.resetPasswordForEmail(email);
    const { code } = await newestMail(stack, email);
    const verified = await auth.verifyOtp({ type: "recovery", email, token: code });
    expect(verified.data.user?.email).toBe(email);
  });

  test("a challenge that is none is refused", async () => {
    const ask = (body: object) =>
      fetch(`${stack.url}/auth/v1/otp`, {
        method: "POST",
        headers: { apikey: stack.keys.publishableKey },
        body: JSON.stringify({ email: newEmail(), ...body }),
      });

    expect((await ask({ code_challenge: "x".repeat(43) })).status).toBe(400);
    expect((await ask({ code_challenge: "x", code_challenge_method: "s256" })).status).toBe(400);
  });
});

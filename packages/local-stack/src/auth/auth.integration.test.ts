import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";

let stack: TestGateway;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
});
afterAll(() => stack.stop());

const newEmail = () => `${randomUUID()}@example.com`;

describe("sign-up and sign-in", () => {
  test("signing up gives a session at once", async () => {
    const email = newEmail();

    const { data, error } = await stack
      .anon()
      .auth.signUp({ email, password: "correct horse", options: { data: { nick: "n" } } });

    expect(error).toBeNull();
    expect(data.user).toMatchObject({ email, user_metadata: { nick: "n" } });
    expect(data.session?.expires_in).toBe(3600);
  });

  test("the same address cannot sign up twice, nor with a weak password", async () => {
    const { email } = await stack.user();

    const twice = await stack.anon().auth.signUp({ email, password: "correct horse" });
    const weak = await stack.anon().auth.signUp({ email: newEmail(), password: "123" });

    expect(twice.error?.code).toBe("user_already_exists");
    expect(weak.error?.code).toBe("weak_password");
  });

  test("a password opens a session, a wrong one does not", async () => {
    const { email, password, id } = await stack.user();

    const right = await stack.anon().auth.signInWithPassword({ email, password });
    const wrong = await stack.anon().auth.signInWithPassword({ email, password: "wrong one" });

    expect(right.data.user?.id).toBe(id);
    expect([wrong.error?.status, wrong.error?.code]).toEqual([400, "invalid_credentials"]);
  });
});

describe("access tokens", () => {
  test("are signed with the project's key and have the hosted claims", async () => {
    const { token, id, email } = await stack.user();

    const claims = decodeJwt(token);
    expect(decodeProtectedHeader(token)).toEqual({
      alg: "ES256",
      kid: stack.keys.signingKey.kid,
      typ: "JWT",
    });
    expect(claims).toMatchObject({
      iss: `${stack.url}/auth/v1`,
      aud: "authenticated",
      role: "authenticated",
      sub: id,
      email,
      phone: "",
      aal: "aal1",
      is_anonymous: false,
      app_metadata: { provider: "email", providers: ["email"] },
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
  });

  test("are verified by the published key, without asking the server", async () => {
    const { client, id } = await stack.user();

    const { data, error } = await client.auth.getClaims();

    expect(error).toBeNull();
    expect(data?.claims.sub).toBe(id);
    expect(data?.header.alg).toBe("ES256");
  });

  test("the published key has no private part", async () => {
    const answer = await fetch(`${stack.url}/auth/v1/.well-known/jwks.json`);

    const { keys } = await answer.json();
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: "EC", kid: stack.keys.signingKey.kid, alg: "ES256" });
    expect(keys[0]).not.toHaveProperty("d");
  });
});

describe("sessions", () => {
  test("refreshing gives another token of the same session", async () => {
    const { client, token } = await stack.user();
    const before = (await client.auth.getSession()).data.session;

    const { data, error } = await client.auth.refreshSession();

    expect(error).toBeNull();
    expect(data.session?.refresh_token).not.toBe(before?.refresh_token);
    expect(decodeJwt(data.session?.access_token ?? "").session_id).toBe(
      decodeJwt(token).session_id,
    );
    expect((await client.auth.getUser()).error).toBeNull();
  });

  test("an unknown refresh token is refused", async () => {
    const { error } = await stack.anon().auth.refreshSession({ refresh_token: "abcdefghijkl" });

    expect(error?.status).toBe(400);
  });

  test("signing out ends the session", async () => {
    const { client, token } = await stack.user();
    const refresh_token = (await client.auth.getSession()).data.session?.refresh_token ?? "";

    expect((await client.auth.signOut()).error).toBeNull();

    expect((await stack.anon().auth.refreshSession({ refresh_token })).error).not.toBeNull();
    expect((await stack.anon().auth.getUser(token)).error?.name).toBe("AuthSessionMissingError");
  });
});

describe("users", () => {
  test("read and change themselves", async () => {
    const { client, email, id } = await stack.user();

    const updated = await client.auth.updateUser({
      data: { nick: "new" },
      password: "battery staple",
    });

    expect(updated.data.user).toMatchObject({ id, user_metadata: { nick: "new" } });
    const again = await stack.anon().auth.signInWithPassword({ email, password: "battery staple" });
    expect(again.data.user?.user_metadata).toMatchObject({ nick: "new" });
    expect((await client.auth.getUser()).data.user?.id).toBe(id);
  });

  test("asking for a recovery mail is answered, known address or not", async () => {
    const { email } = await stack.user();

    expect((await stack.anon().auth.resetPasswordForEmail(email)).error).toBeNull();
    expect((await stack.anon().auth.resetPasswordForEmail(newEmail())).error).toBeNull();
  });
});

describe("administration with the secret key", () => {
  test("creates a confirmed user, who can sign in and whom policies know", async () => {
    const email = newEmail();

    const { data, error } = await stack.service().auth.admin.createUser({
      email,
      password: "correct horse",
      email_confirm: true,
      user_metadata: { nick: "made" },
      app_metadata: { plan: "gold" },
    });

    expect(error).toBeNull();
    expect(data.user).toMatchObject({
      email,
      role: "authenticated",
      user_metadata: { nick: "made" },
    });
    expect(data.user?.identities?.[0]).toMatchObject({ provider: "email", user_id: data.user?.id });
    const session = await stack
      .anon()
      .auth.signInWithPassword({ email, password: "correct horse" });
    expect(decodeJwt(session.data.session?.access_token ?? "").app_metadata).toMatchObject({
      plan: "gold",
      provider: "email",
    });
  });

  test("an unconfirmed user cannot sign in", async () => {
    const email = newEmail();
    await stack.service().auth.admin.createUser({ email, password: "correct horse" });

    const { error } = await stack
      .anon()
      .auth.signInWithPassword({ email, password: "correct horse" });

    expect(error?.code).toBe("email_not_confirmed");
  });

  test("a taken address, a weak password and a missing address are refused", async () => {
    const { email } = await stack.user();
    const { admin } = stack.service().auth;

    expect((await admin.createUser({ email })).error?.code).toBe("email_exists");
    expect((await admin.createUser({ email: newEmail(), password: "1" })).error?.code).toBe(
      "weak_password",
    );
    expect((await admin.createUser({})).error?.code).toBe("validation_failed");
  });

  test("gets, updates, bans and deletes", async () => {
    const { id, email } = await stack.user();
    const { admin } = stack.service().auth;
    const signIn = () =>
      stack.anon().auth.signInWithPassword({ email, password: "battery staple" });

    await admin.updateUserById(id, { password: "battery staple", user_metadata: { nick: "x" } });
    expect((await admin.getUserById(id)).data.user?.user_metadata).toMatchObject({ nick: "x" });
    expect((await signIn()).error).toBeNull();

    await admin.updateUserById(id, { ban_duration: "24h" });
    expect((await signIn()).error?.code).toBe("user_banned");
    await admin.updateUserById(id, { ban_duration: "none" });
    expect((await signIn()).error).toBeNull();

    expect((await admin.deleteUser(id)).error).toBeNull();
    expect((await admin.getUserById(id)).error?.code).toBe("user_not_found");
    expect((await signIn()).error?.code).toBe("invalid_credentials");
  });

  test("lists users page by page", async () => {
    await Promise.all([stack.user(), stack.user(), stack.user()]);
    const { admin } = stack.service().auth;

    const first = await admin.listUsers({ page: 1, perPage: 2 });
    const second = await admin.listUsers({ page: 2, perPage: 2 });

    expect(first.data.users).toHaveLength(2);
    expect(first.data).toMatchObject({ nextPage: 2 });
    expect(first.data.users.map(({ id }) => id)).not.toContain(second.data.users[0]?.id);
  });

  test("is for nobody else", async () => {
    const { token } = await stack.user();
    const asUser = createClient(stack.url, stack.keys.publishableKey, {
      global: { headers: { Authorization: `Bearer ${token}` } },
    });

    expect((await stack.anon().auth.admin.listUsers()).error?.status).toBe(401);
    expect((await asUser.auth.admin.listUsers()).error?.status).toBe(403);
    // A user's token decides, whichever key is beside it.
    const answer = await fetch(`${stack.url}/auth/v1/admin/users`, {
      headers: { apikey: stack.keys.secretKey, authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(403);
  });
});

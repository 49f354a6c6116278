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
const password = "correct horse";
const other = "battery staple";
const signIn = (email: string, password: string) =>
  stack.anon().auth.signInWithPassword({ email, password });
const admin = () => stack.service().auth.admin;

test("signing up gives a session at once; not twice, nor with a weak password", async () => {
  const email = newEmail();
  const { auth } = stack.anon();

  const { data, error } = await auth.signUp({ email, password, options: { data: { nick: "n" } } });

  expect(error).toBeNull();
  expect(data.user).toMatchObject({ email, user_metadata: { nick: "n" } });
  expect(data.session?.expires_in).toBe(3600);
  expect((await auth.signUp({ email, password })).error?.code).toBe("user_already_exists");
  const weak = await auth.signUp({ email: newEmail(), password: "123" });
  expect(weak.error?.code).toBe("weak_password");
});

test("a password opens a session, a wrong one does not", async () => {
  const { email, id } = await stack.user();

  expect((await signIn(email, password)).data.user?.id).toBe(id);
  expect((await signIn(email, "wrong one")).error).toMatchObject({
    status: 400,
    code: "invalid_credentials",
  });
});

test("times are those of the Auth server; null removes what is kept of a user", async () => {
  const { client, id } = await stack.user();
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
  const { data } = await client.auth.getUser();
  const [identity] = data.user?.identities ?? [];
  const metadata = { user_metadata: { kept: 1, gone: 2 }, app_metadata: { gone: 3 } };
  await admin().updateUserById(id, metadata);
  const nulls = { user_metadata: { gone: null }, app_metadata: { gone: null } };
  const { data: changed } = await admin().updateUserById(id, nulls);

  for (const one of [data.user?.created_at, data.user?.last_sign_in_at, identity?.created_at]) {
    expect(one).toMatch(time);
  }
  expect(changed.user?.created_at).toMatch(time);
  expect(changed.user?.user_metadata).not.toHaveProperty("gone");
  expect(changed.user?.app_metadata).not.toHaveProperty("gone");
  expect(changed.user?.user_metadata).toMatchObject({ kept: 1 });
});

test("a user may be made with the hash of a password", async () => {
  const [{ hash }] = (await stack.sql<{ hash: string }>`
    select extensions.crypt(${password}, extensions.gen_salt('bf', 6)) as hash
  `) as [{ hash: string }];
  const email = newEmail();
  const made = await admin().createUser({ email, email_confirm: true, password_hash: hash });
  const both = await admin().createUser({ email: newEmail(), password, password_hash: hash });

  expect(made.data.user?.user_metadata).toEqual({ email_verified: true });
  expect((await signIn(email, password)).error).toBeNull();
  expect(both.error?.code).toBe("validation_failed");
});

test("a new password ends the other sessions, one that an admin sets ends all", async () => {
  const { email, id, client } = await stack.user();
  const own = stack.anon();
  await own.auth.signInWithPassword({ email, password });
  expect((await own.auth.updateUser({ password: other })).error).toBeNull();

  expect((await client.auth.refreshSession()).error).not.toBeNull();
  expect((await own.auth.refreshSession()).error).toBeNull();
  await admin().updateUserById(id, { password });
  expect((await own.auth.refreshSession()).error).not.toBeNull();
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

  test("are verified by the published key, which has no private part", async () => {
    const { client, id } = await stack.user();
    const { data, error } = await client.auth.getClaims();
    const { keys } = await (await fetch(`${stack.url}/auth/v1/.well-known/jwks.json`)).json();

    expect(error).toBeNull();
    expect([data?.claims.sub, data?.header.alg]).toEqual([id, "ES256"]);
    expect(keys).toMatchObject([{ kty: "EC", kid: stack.keys.signingKey.kid, alg: "ES256" }]);
    expect(keys[0]).not.toHaveProperty("d");
  });
});

describe("sessions", () => {
  test("refreshing gives another token of the same session; an unknown token is refused", async () => {
    const { client, token } = await stack.user();
    const before = (await client.auth.getSession()).data.session;

    const { data, error } = await client.auth.refreshSession();

    expect(error).toBeNull();
    expect(data.session?.refresh_token).not.toBe(before?.refresh_token);
    const { session_id } = decodeJwt(data.session?.access_token ?? "");
    expect(session_id).toBe(decodeJwt(token).session_id);
    expect((await client.auth.getUser()).error).toBeNull();
    const unknown = await stack.anon().auth.refreshSession({ refresh_token: "abcdefghijkl" });
    expect(unknown.error?.status).toBe(400);
  });

  test("signing out ends the session", async () => {
    const { client, token } = await stack.user();
    const refresh_token = (await client.auth.getSession()).data.session?.refresh_token ?? "";

    expect((await client.auth.signOut()).error).toBeNull();

    expect((await stack.anon().auth.refreshSession({ refresh_token })).error).not.toBeNull();
    expect((await stack.anon().auth.getUser(token)).error?.name).toBe("AuthSessionMissingError");
  });
});

test("users read and change themselves", async () => {
  const { client, email, id } = await stack.user();

  const updated = await client.auth.updateUser({ data: { nick: "new" }, password: other });

  expect(updated.data.user).toMatchObject({ id, user_metadata: { nick: "new" } });
  const again = await signIn(email, other);
  expect(again.data.user?.user_metadata).toMatchObject({ nick: "new" });
  expect((await client.auth.getUser()).data.user?.id).toBe(id);
});

test("asking for a recovery mail is answered, known address or not", async () => {
  for (const email of [(await stack.user()).email, newEmail()]) {
    expect((await stack.anon().auth.resetPasswordForEmail(email)).error).toBeNull();
  }
});

describe("administration with the secret key", () => {
  test("creates a confirmed user, who can sign in and whom policies know", async () => {
    const email = newEmail();
    const app_metadata = { plan: "gold" };
    const user_metadata = { nick: "made" };
    const user = { email, password, email_confirm: true, user_metadata, app_metadata };

    const { data, error } = await admin().createUser(user);

    expect(error).toBeNull();
    expect(data.user).toMatchObject({ email, role: "authenticated", user_metadata });
    expect(data.user?.identities?.[0]).toMatchObject({ provider: "email", user_id: data.user?.id });
    const { session } = (await signIn(email, password)).data;
    expect(decodeJwt(session?.access_token ?? "").app_metadata).toMatchObject({
      ...app_metadata,
      provider: "email",
    });
  });

  test("an unconfirmed user cannot sign in", async () => {
    const email = newEmail();
    await admin().createUser({ email, password });

    expect((await signIn(email, password)).error?.code).toBe("email_not_confirmed");
  });

  test("a taken address, a weak password and a missing address are refused", async () => {
    const { email } = await stack.user();
    const refusal = async (user: object) => (await admin().createUser(user)).error?.code;

    expect(await refusal({ email })).toBe("email_exists");
    expect(await refusal({ email: newEmail(), password: "1" })).toBe("weak_password");
    expect(await refusal({})).toBe("validation_failed");
  });

  test("gets, updates, bans and deletes", async () => {
    const { id, email } = await stack.user();
    const update = (change: object) => admin().updateUserById(id, change);
    const refusal = async () => (await signIn(email, other)).error?.code;

    await update({ password: other, user_metadata: { nick: "x" } });
    expect((await admin().getUserById(id)).data.user?.user_metadata).toMatchObject({ nick: "x" });
    expect(await refusal()).toBeUndefined();
    await update({ ban_duration: "24h" });
    expect(await refusal()).toBe("user_banned");
    await update({ ban_duration: "none" });
    expect(await refusal()).toBeUndefined();
    expect((await admin().deleteUser(id)).error).toBeNull();
    expect((await admin().getUserById(id)).error?.code).toBe("user_not_found");
    expect(await refusal()).toBe("invalid_credentials");
  });

  test("lists users page by page, the newest first, and refuses pages that are none", async () => {
    const [third, second, first] = [await stack.user(), await stack.user(), await stack.user()];
    const list = async (page: number) => (await admin().listUsers({ page, perPage: 2 })).data;

    expect((await list(1)).users.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(await list(1)).toMatchObject({ nextPage: 2 });
    expect((await list(2)).users[0]?.id).toBe(third.id);
    const { error } = await admin().listUsers({ page: -1 });
    expect(error).toMatchObject({ status: 400, code: "validation_failed" });
  });

  test("is for nobody else", async () => {
    const { token } = await stack.user();
    const headers = { Authorization: `Bearer ${token}` };
    // A user's token decides, whichever key is beside it.
    for (const key of [stack.keys.publishableKey, stack.keys.secretKey]) {
      const asUser = createClient(stack.url, key, { global: { headers } });
      expect((await asUser.auth.admin.listUsers()).error?.status).toBe(403);
    }
    expect((await stack.anon().auth.admin.listUsers()).error?.status).toBe(401);
  });
});

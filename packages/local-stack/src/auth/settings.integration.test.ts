import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type AuthSettings, defaultSettings } from "../config/settings.ts";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";

/** What `[auth]` in `supabase/config.toml` changes. */
const open: TestGateway[] = [];
const start = async (auth: Partial<AuthSettings>) => {
  const settings = { ...defaultSettings, auth: { ...defaultSettings.auth, ...auth } };
  const stack = await openTestGateway(inject("stack"), { settings });
  open.push(stack);
  return stack;
};
afterAll(async () => {
  for (const stack of open) await stack.stop();
});

const newEmail = () => `${randomUUID()}@example.com`;
const password = "correct horse";

test("sign-up can be closed, for anonymous users too", async () => {
  const stack = await start({ enable_signup: false, enable_anonymous_sign_ins: true });

  const named = await stack.anon().auth.signUp({ email: newEmail(), password });
  const anonymous = await stack.anon().auth.signInAnonymously();

  expect([named.error?.status, named.error?.code]).toEqual([422, "signup_disabled"]);
  expect(anonymous.error?.code).toBe("signup_disabled");
});

test("passwords have a least length, and tokens a lifetime", async () => {
  const stack = await start({ minimum_password_length: 10, jwt_expiry: 90 });
  const email = newEmail();

  const short = await stack.anon().auth.signUp({ email, password: "nine char" });
  const byAdmin = await stack.service().auth.admin.createUser({ email, password: "nine char" });
  const long = await stack.anon().auth.signUp({ email, password });

  expect([short.error?.code, byAdmin.error?.code]).toEqual(["weak_password", "weak_password"]);
  expect(long.data.session?.expires_in).toBe(90);
});

let plain: TestGateway;
beforeAll(async () => {
  plain = await start({});
});

describe("anonymous users", () => {
  let stack: TestGateway;
  beforeAll(async () => {
    stack = await start({ enable_anonymous_sign_ins: true });
  });

  test("are refused unless the project wants them", async () => {
    const { error } = await plain.anon().auth.signInAnonymously();

    expect([error?.status, error?.code]).toEqual([422, "anonymous_provider_disabled"]);
  });

  test("have a session that says what they are, and can be refreshed", async () => {
    const client = stack.anon();
    const options = { data: { nick: "n" } };

    const { data, error } = await client.auth.signInAnonymously({ options });
    expect(error).toBeNull();
    expect(data.user).toMatchObject({ is_anonymous: true, user_metadata: { nick: "n" } });
    const claims = await client.auth.getClaims();
    expect(claims.data?.claims).toMatchObject({ is_anonymous: true, role: "authenticated" });
    expect((await client.auth.getUser()).data.user?.is_anonymous).toBe(true);
    const word = await client.auth.updateUser({ password: "correct horse" });
    expect([word.error?.status, word.error?.code]).toEqual([422, "validation_failed"]);
    expect((await client.auth.refreshSession()).data.user?.id).toBe(data.user?.id);
  });

  test("become ordinary ones by giving an address and a password", async () => {
    const client = stack.anon();
    const email = newEmail();
    const { data } = await client.auth.signInAnonymously();

    const changed = await client.auth.updateUser({ email, password });
    expect(changed.data.user).toMatchObject({ id: data.user?.id, email, is_anonymous: false });
    const again = await stack.anon().auth.signInWithPassword({ email, password });
    expect(again.data.user?.id).toBe(data.user?.id);
    expect(again.data.user?.identities).toHaveLength(1);
  });
});

test("anonymous users are bounded by the address of the connection, whatever a header says", async () => {
  const rate_limit = { anonymous_users: 2 };
  const stack = await start({ enable_anonymous_sign_ins: true, rate_limit });
  const signIn = (address: string) =>
    fetch(`${stack.url}/auth/v1/signup`, {
      method: "POST",
      headers: { apikey: stack.keys.publishableKey, "x-forwarded-for": address },
      body: "{}",
    });

  const codes: number[] = [];
  for (const last of [1, 2, 3]) codes.push((await signIn(`192.0.2.${last}`)).status);

  expect(codes).toEqual([200, 200, 429]);
  expect((await stack.anon().auth.signInAnonymously()).error?.code).toBe("over_request_rate_limit");
  const { error } = await stack.anon().auth.signUp({ email: newEmail(), password });
  expect(error).toBeNull();
});

describe("what is not here says so", () => {
  const refusal = (code: string, sentence: string) => ({
    status: 422,
    code,
    message: expect.stringContaining(sentence),
  });
  const sentence = (what: string) =>
    refusal("not_implemented", `${what} is not part of the embedded stack.`);

  test("a second factor, single sign-on, identities, the OAuth server", async () => {
    const { client, id } = await plain.user();
    const { auth } = client;
    const { admin } = plain.service().auth;

    const enrolled = await auth.mfa.enroll({ factorType: "totp" });
    expect(enrolled.error).toMatchObject(sentence("Multi-factor authentication"));
    const factors = await admin.mfa.listFactors({ userId: id });
    expect(factors.error).toMatchObject(sentence("Multi-factor authentication"));
    const sso = await auth.signInWithSSO({ domain: "example.com" });
    expect(sso.error).toMatchObject(refusal("saml_provider_disabled", "SAML 2.0 is disabled"));
    const linked = await auth.linkIdentity({
      provider: "github",
      options: { skipBrowserRedirect: true },
    });
    expect(linked.error).toMatchObject(refusal("manual_linking_disabled", "is disabled"));
    expect((await admin.oauth.listClients()).error).toMatchObject(sentence("The OAuth server"));
  });

  test("phones", async () => {
    const { auth } = plain.anon();
    const verify = (phone: string) => auth.verifyOtp({ phone, token: "123456", type: "sms" });

    expect((await auth.signInWithOtp({ phone: "+15550100" })).error).toMatchObject({
      code: "phone_provider_disabled",
    });
    expect((await verify("+15550100")).error).toMatchObject({ code: "otp_expired" });
    expect((await verify("+15550100-invalid")).error).toMatchObject({
      code: "validation_failed",
      message: "Invalid phone number format (E.164 required)",
    });
  });

  test("and what nobody knows, as JSON", async () => {
    const headers = { apikey: plain.keys.secretKey };

    for (const path of ["/nowhere", "/admin/nowhere"]) {
      const answer = await fetch(`${plain.url}/auth/v1${path}`, { headers });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.json()).toMatchObject({ code: 404, error_code: "not_found" });
    }
    const wrongMethod = await fetch(`${plain.url}/auth/v1/signup`, { headers });
    expect(await wrongMethod.json()).toMatchObject({ code: 405 });
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { defaultSettings } from "../config/settings.ts";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";
import { follow, newestMail } from "./test-mails.ts";

let stack: TestGateway;
let confirming: TestGateway;

beforeAll(async () => {
  const { auth } = defaultSettings;
  stack = await openTestGateway(inject("stack"), {
    settings: {
      ...defaultSettings,
      auth: { ...auth, additional_redirect_urls: ["https://app.example.com/**"] },
    },
  });
  confirming = await openTestGateway(inject("stack"), {
    settings: {
      ...defaultSettings,
      auth: { ...auth, email: { ...auth.email, enable_confirmations: true } },
    },
  });
});
afterAll(() => Promise.all([stack.stop(), confirming.stop()]));

const newEmail = () => `${randomUUID()}@example.com`;

describe("a code by mail", () => {
  test.each(["email", "magiclink"] as const)("signs in, as type %s", async (type) => {
    const email = newEmail();
    const client = stack.anon();

    expect((await client.auth.signInWithOtp({ email })).error).toBeNull();
    const { code } = await newestMail(stack, email);
    const wrong = await client.auth.verifyOtp({ email, token: "000000x", type });
    const right = await client.auth.verifyOtp({ email, token: code, type });

    expect(wrong.error?.code).toBe("otp_expired");
    expect(right.error).toBeNull();
    expect((await client.auth.getUser()).data.user?.email).toBe(email);
  });

  test("its link signs in too, and leads where the client asked, if that is allowed", async () => {
    const email = newEmail();
    const lead = async (emailRedirectTo: string) => {
      await stack.anon().auth.signInWithOtp({ email, options: { emailRedirectTo } });
      return await follow((await newestMail(stack, email)).link);
    };

    const allowed = await lead("https://app.example.com/welcome/back");
    expect(allowed.url.href).toContain("https://app.example.com/welcome/back#");
    const token = allowed.session.get("access_token") ?? "";
    expect((await stack.anon().auth.getUser(token)).data.user?.email).toBe(email);
    expect((await lead("https://evil.example.com/")).url.origin).toBe("http://127.0.0.1:3000");
  });
});

describe("where addresses are confirmed", () => {
  test("the mail can be asked for again, and signing up twice sends it again", async () => {
    const email = newEmail();
    const { auth } = confirming.anon();
    await auth.signUp({ email, password: "correct horse" });
    const first = await newestMail(confirming, email);
    expect((await auth.resend({ type: "signup", email })).error).toBeNull();
    const second = await newestMail(confirming, email);
    const again = await auth.signUp({ email, password: "another horse" });
    const third = await newestMail(confirming, email);

    expect(again.data.user?.email).toBe(email);
    expect(new Set([first, second, third].map(({ code }) => code)).size).toBe(3);
    expect((await auth.verifyOtp({ email, token: first.code, type: "signup" })).error?.code).toBe(
      "otp_expired",
    );
    expect((await follow(third.link)).session.get("access_token")).toMatch(/^eyJ/);
    const old = await auth.signInWithPassword({ email, password: "correct horse" });
    expect(old.error).toBeNull();
  });

  test("nobody learns by signing up or in that an address is taken or not confirmed", async () => {
    const email = newEmail();
    const { auth } = confirming.anon();
    const password = "correct horse";
    const { data } = await confirming.service().auth.admin.createUser({ email, password });
    const signIn = (word: string) => auth.signInWithPassword({ email, password: word });

    expect((await signIn("wrong one")).error?.code).toBe("invalid_credentials");
    expect((await signIn(password)).error?.code).toBe("email_not_confirmed");
    const { admin } = confirming.service().auth;
    await admin.updateUserById(data.user?.id ?? "", { email_confirm: true });
    const taken = await auth.signUp({ email, password: "another horse" });
    expect(taken.error).toBeNull();
    expect(taken.data.user?.identities).toEqual([]);
    expect(taken.data.user?.id).not.toBe(data.user?.id);
    await expect(newestMail(confirming, email)).rejects.toThrow("no mail");
  });
});

test("a forgotten password is replaced by its link's holder", async () => {
  const { email } = await stack.user();
  const client = stack.anon();

  expect((await client.auth.resetPasswordForEmail(email)).error).toBeNull();
  const { link } = await newestMail(stack, email);
  expect(link.href).toContain(`${stack.url}/auth/v1/verify?`);
  const token_hash = link.searchParams.get("token") ?? "";
  expect((await client.auth.verifyOtp({ token_hash, type: "recovery" })).error).toBeNull();
  expect((await client.auth.updateUser({ password: "a new one" })).error).toBeNull();

  const again = await stack.anon().auth.signInWithPassword({ email, password: "a new one" });
  expect(again.error).toBeNull();
});

test("where addresses are confirmed, signing up gives a session only after that", async () => {
  const email = newEmail();
  const client = confirming.anon();
  const password = "correct horse";

  expect((await client.auth.signUp({ email, password })).data.session).toBeNull();
  const early = await client.auth.signInWithPassword({ email, password });
  expect(early.error?.code).toBe("email_not_confirmed");
  const { code } = await newestMail(confirming, email);
  const { data } = await client.auth.verifyOtp({ email, token: code, type: "email" });

  expect(data.user?.user_metadata).toMatchObject({ email_verified: true });
  expect(data.session).not.toBeNull();
});

describe("an invitation", () => {
  test("is sent, and its link signs in", async () => {
    const email = newEmail();
    const { data, error } = await stack
      .service()
      .auth.admin.inviteUserByEmail(email, { data: { team: "b" } });

    expect(error).toBeNull();
    expect(data.user).toMatchObject({ email, user_metadata: { team: "b" } });
    expect(data.user?.invited_at).toEqual(expect.any(String));
    const mail = await newestMail(stack, email);
    expect(mail.subject).toBe("You have been invited");
    const { session } = await follow(mail.link);
    const { data: found } = await stack.anon().auth.getUser(session.get("access_token") ?? "");
    expect(found.user).toMatchObject({ email, email_confirmed_at: expect.any(String) });
  });

  test("is not for who is there already, nor for users to send", async () => {
    const { email, client } = await stack.user();

    const twice = await stack.service().auth.admin.inviteUserByEmail(email);
    const byUser = await client.auth.admin.inviteUserByEmail(newEmail());

    expect(twice.error?.code).toBe("email_exists");
    expect(byUser.error?.code).toBe("not_admin");
  });
});

describe("a link made by the secret key", () => {
  test.each(["magiclink", "recovery"] as const)("%s: signs the user in", async (type) => {
    const { email, id } = await stack.user();

    const redirectTo = "https://app.example.com/after";
    const asked = { type, email, options: { redirectTo } };
    const { data, error } = await stack.service().auth.admin.generateLink(asked);

    expect(error).toBeNull();
    expect(data.properties?.redirect_to).toBe(redirectTo);
    expect(data.user?.id).toBe(id);
    expect(data.properties?.verification_type).toBe(type);
    const token_hash = data.properties?.hashed_token ?? "";
    const verified = await stack.anon().auth.verifyOtp({ token_hash, type });
    expect(verified.data.user?.id).toBe(id);
  });

  test("signup: makes the user, who confirms by it", async () => {
    const email = newEmail();
    const password = "correct horse";
    const { admin } = confirming.service().auth;

    const { data } = await admin.generateLink({ type: "signup", email, password });

    const token = data.properties?.email_otp ?? "";
    const client = confirming.anon();
    expect((await client.auth.verifyOtp({ email, token, type: "signup" })).error).toBeNull();
    expect((await client.auth.signInWithPassword({ email, password })).error).toBeNull();
  });

  test("for nobody: a magic link signs up, a recovery is refused", async () => {
    const { admin } = stack.service().auth;

    const magic = await admin.generateLink({ type: "magiclink", email: newEmail() });
    const recovery = await admin.generateLink({ type: "recovery", email: newEmail() });
    const malformed = await admin.generateLink({ type: "recovery", email: "nobody" });

    expect(magic.data.properties?.verification_type).toBe("signup");
    expect(recovery.error?.code).toBe("user_not_found");
    expect(malformed.error?.message).toBe("Unable to validate email address: invalid format");
  });
});

test("the inbox has a page for people with the secret key, and no other origin may read it", async () => {
  const email = newEmail();
  await stack.anon().auth.signInWithOtp({ email });

  const messages = `${stack.url}/inbox/api/v1/messages`;
  const headers = { apikey: stack.keys.secretKey };
  const page = await fetch(`${stack.url}/inbox?apikey=${stack.keys.secretKey}`, {
    headers: { origin: "https://elsewhere" },
  });

  expect(await page.text()).toContain(email);
  expect(page.headers.get("access-control-allow-origin")).toBeNull();
  for (const path of [
    "/inbox",
    `/inbox?apikey=${stack.keys.publishableKey}`,
    "/inbox/api/v1/messages",
  ]) {
    const refused = await fetch(`${stack.url}${path}`);
    expect([refused.status, await refused.text()]).toEqual([
      401,
      expect.not.stringContaining(email),
    ]);
  }
  await fetch(messages, { method: "DELETE", headers });
  expect(await (await fetch(messages, { headers })).json()).toMatchObject({
    total: 0,
    messages: [],
  });
});

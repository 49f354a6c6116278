import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";

let stack: TestGateway;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
});
afterAll(() => stack.stop());

const password = "correct horse";

test.each<[path: string, body: object, status: number, code: string, msg: string]>([
  ["token?grant_type=guess", {}, 400, "invalid_credentials", "unsupported_grant_type"],
  ["token?grant_type=password", {}, 400, "validation_failed", "missing email or phone"],
  ["token?grant_type=refresh_token", {}, 400, "validation_failed", "Refresh token is not valid"],
  [
    "verify",
    { type: "email", email: "nobody@example.com", token: "000000" },
    403,
    "otp_expired",
    "Token has expired or is invalid",
  ],
])("%s with %j is refused with %i %s", async (path, body, status, error_code, msg) => {
  const answer = await fetch(`${stack.url}/auth/v1/${path}`, {
    method: "POST",
    headers: { apikey: stack.keys.publishableKey },
    body: JSON.stringify(body),
  });

  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ code: status, error_code, msg });
});

test("a phone number is refused, not passed over; an id that is none is said", async () => {
  const { client } = await stack.user();
  const headers = { apikey: stack.keys.secretKey };
  const unknown = await fetch(`${stack.url}/auth/v1/admin/users/me`, { headers });

  expect((await client.auth.updateUser({ phone: "+4912345" })).error?.code).toBe(
    "phone_provider_disabled",
  );
  expect(await unknown.json()).toMatchObject({ code: 404, msg: "user_id must be an UUID" });
});

test("what the database refuses is said as hosted says it", async () => {
  const own = await openTestGateway(inject("stack"));
  await own.migrate(`
    create table public.kept (user_id uuid references auth.users);
    create function public.refuse() returns trigger language plpgsql as
      $$ begin if new.email like 'no%' then raise 'not you'; end if; return new; end $$;
    create trigger refuse after insert on auth.users
      for each row execute function public.refuse();
  `);
  const { id } = await own.user();
  await own.sql`insert into public.kept values (${id})`;
  const email = "nobody@example.com";
  const refused = [
    await own.anon().auth.signUp({ email, password }),
    await own.anon().auth.signInWithOtp({ email }),
    await own.service().auth.admin.createUser({ email }),
    await own.service().auth.admin.deleteUser(id),
  ];
  const answer = await fetch(`${own.url}/auth/v1/signup`, {
    method: "POST",
    headers: { apikey: own.keys.publishableKey },
    body: JSON.stringify({ email, password }),
  });
  await own.stop();

  expect(refused.map(({ error }) => [error?.status, error?.message])).toEqual([
    [500, "Database error saving new user"],
    [500, "Database error saving new user"],
    [500, "Database error creating new user"],
    [500, "Database error deleting user"],
  ]);
  expect(await answer.json()).toMatchObject({ code: 500, error_code: "unexpected_failure" });
});

import { randomUUID } from "node:crypto";
import type { AuthSettings } from "../config/settings.ts";
import type { Sql } from "../sql/sql.ts";
import { AuthRefusal } from "./refusal.ts";
import { updateUser } from "./users.ts";

/**
 * Makes a user without any address.
 * @returns a refresh token of their first session, which the library turns into the session
 */
export async function signUpAnonymously(
  sql: Sql,
  settings: AuthSettings,
  data: Record<string, unknown>,
): Promise<string> {
  if (!settings.enable_signup) {
    throw new AuthRefusal(422, "signup_disabled", "Signups not allowed for this instance");
  }
  if (!settings.enable_anonymous_sign_ins) {
    throw new AuthRefusal(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled");
  }
  const [user, session, token] = [randomUUID(), randomUUID(), randomUUID()];
  await sql.begin(async (tx) => {
    await tx`
      insert into auth.users (id, is_anonymous, raw_app_meta_data, raw_user_meta_data)
      values (${user}, true, '{}', ${JSON.stringify(data)}::text::jsonb)
    `;
    await tx`insert into auth.sessions (id, user_id) values (${session}, ${user})`;
    await tx`
      insert into auth.refresh_tokens (id, token, user_id, session_id)
      values (${randomUUID()}, ${token}, ${user}, ${session})
    `;
  });
  return token;
}

/**
 * An anonymous user who gives an address keeps it at once where addresses need no confirmation,
 * as on hosted.
 * @returns whether that was so
 */
export async function takeAddress(sql: Sql, id: string, email: string): Promise<boolean> {
  const [user] = await sql`select from auth.users where id = ${id} and is_anonymous`;
  if (user === undefined) return false;
  await updateUser(sql, id, { email, emailConfirmed: true });
  await endAnonymity(sql, id);
  return true;
}

/** Whoever has a confirmed address is not anonymous any more. */
export async function endAnonymity(sql: Sql, id: string): Promise<void> {
  await sql.begin(async (tx) => {
    const [ended] = await tx`
      update auth.users
      set is_anonymous = false, raw_app_meta_data = '{"provider": "email", "providers": ["email"]}'
      where id = ${id} and is_anonymous and email is not null
      returning id
    `;
    if (ended === undefined) return;
    await tx`
      insert into auth.identities (id, provider, provider_id, user_id, identity_data)
      select ${randomUUID()}, 'email', u.id, u.id,
        jsonb_build_object('sub', u.id, 'email', u.email, 'email_verified', true)
      from auth.users u
      where u.id = ${id}
        and not exists (select from auth.identities i where i.user_id = u.id and i.provider = 'email')
    `;
  });
}

import { randomUUID } from "node:crypto";
import type { Caller } from "../caller.ts";
import type { AuthSettings } from "../config/settings.ts";
import type { Queries, Sql } from "../sql/sql.ts";
import type { Ask } from "./ask.ts";
import { AuthRefusal } from "./refusal.ts";

/** What may be changed of a user, in the admin API's names; undefined leaves it. */
interface UserChange {
  email?: string | undefined;
  phone?: string | undefined;
  password?: string | undefined;
  password_hash?: string | undefined;
  email_confirm?: boolean | undefined;
  role?: string | undefined;
  app_metadata?: Record<string, unknown> | undefined;
  user_metadata?: Record<string, unknown> | undefined;
  banned_until?: Date | null | undefined;
}

/** Adds a user and its e-mail identity. A taken e-mail address fails with SQLSTATE 23505. */
export async function createUser(
  sql: Sql,
  change: UserChange & { id?: string | undefined },
): Promise<string> {
  const id = change.id ?? randomUUID();
  await sql.begin(async (tx) => {
    const metadata = { provider: "email", providers: ["email"] };
    await tx`
      insert into auth.users (id, email, phone, raw_app_meta_data, raw_user_meta_data)
      values (
        ${id}, ${change.email?.toLowerCase() ?? null}, ${change.phone || null},
        ${metadata}, '{}'
      )
    `;
    if (change.email !== undefined) {
      const identity = { sub: id, email: change.email.toLowerCase(), email_verified: false };
      await tx`
        insert into auth.identities (id, provider, provider_id, user_id, identity_data)
        values (${randomUUID()}, 'email', ${id}, ${id}, ${identity})
      `;
    }
    const { email: _, phone: __, ...rest } = change;
    await applyChange(tx, id, rest);
  });
  return id;
}

export async function updateUser(sql: Sql, id: string, change: UserChange): Promise<void> {
  await sql.begin(async (tx) => {
    await applyChange(tx, id, change);
    if (change.password !== undefined) await tx`delete from auth.sessions where user_id = ${id}`;
  });
}

export async function deleteUser(sql: Sql, id: string): Promise<void> {
  await sql.begin(async (tx) => {
    // Refresh tokens refer to sessions only, the rest cascades from the user.
    await tx`delete from auth.refresh_tokens where user_id = ${id}`;
    await tx`delete from auth.users where id = ${id}`;
  });
}

/** @returns whether the user is banned; then none of its sessions can be refreshed any more */
export async function endSessionsOfBanned(sql: Sql, id: string): Promise<boolean> {
  const [banned] = await sql`select from auth.users where id = ${id} and banned_until > now()`;
  if (banned === undefined) return false;
  await sql`delete from auth.sessions where user_id = ${id}`;
  return true;
}

/** Whoever has changed a password is signed in nowhere else. */
export async function endOtherSessions(sql: Sql, { userId, claims }: Caller): Promise<void> {
  const own = String(claims.session_id ?? "");
  await sql`delete from auth.sessions where user_id = ${userId} and id::text <> ${own}`;
}

/** A password without an address would be of no use to an anonymous user. */
export async function requireAddress(sql: Sql, { path, method, body, caller }: Ask): Promise<void> {
  if (path !== "/user" || method !== "PUT" || !body.password || body.email) return;
  const [anonymous] =
    await sql`select from auth.users where id = ${caller.userId} and is_anonymous`;
  if (anonymous === undefined) return;
  const sentence =
    "Updating password of an anonymous user without an email or phone is not allowed";
  throw new AuthRefusal(422, "validation_failed", sentence);
}

async function applyChange(tx: Queries, id: string, change: UserChange): Promise<void> {
  const email = change.email?.toLowerCase() ?? null;
  await tx`
    update auth.users set
      email = coalesce(${email}, email),
      phone = coalesce(${change.phone ?? null}, phone),
      -- Bcrypt, as the Auth server writes it.
      encrypted_password = coalesce(
        extensions.crypt(${change.password ?? null}, extensions.gen_salt('bf', 10)),
        ${change.password_hash ?? null},
        encrypted_password
      ),
      email_confirmed_at = case
        when ${change.email_confirm ?? false} then coalesce(email_confirmed_at, now())
        else email_confirmed_at
      end,
      role = coalesce(${change.role ?? null}, role),
      -- What is set to null is removed.
      raw_app_meta_data =
        (coalesce(raw_app_meta_data, '{}') || ${json(change.app_metadata)}::text::jsonb)
        - ${removed(change.app_metadata)}::text[],
      raw_user_meta_data =
        (coalesce(raw_user_meta_data, '{}') || ${json(userMetadata(change))}::text::jsonb)
        - ${removed(change.user_metadata)}::text[],
      banned_until = case
        when ${change.banned_until === undefined} then banned_until
        else ${change.banned_until?.toISOString() ?? null}::text::timestamptz
      end,
      updated_at = now()
    where id = ${id}
  `;
  if (email !== null) {
    await tx`
      update auth.identities
      set identity_data = identity_data || jsonb_build_object('email', ${email}::text)
      where user_id = ${id} and provider = 'email'
    `;
  }
}

function json(value: Record<string, unknown> | undefined): string {
  return JSON.stringify(value ?? {});
}

/** Auth notes there that an address was confirmed. */
function userMetadata({ email_confirm, user_metadata }: UserChange) {
  return email_confirm === true ? { ...user_metadata, email_verified: true } : user_metadata;
}

function removed(value: Record<string, unknown> = {}): string[] {
  return Object.keys(value).filter((key) => value[key] === null);
}

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
  await updateUser(sql, id, { email, email_confirm: true });
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

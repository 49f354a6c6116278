import type { Sql } from "../sql/sql.ts";
import { type Part, part } from "../sql/statement.ts";

/** A user as the Auth server's admin API shows it, of which these are read here. */
export interface UserView {
  id: string;
  email: string;
  phone: string;
  email_confirmed_at?: string;
  app_metadata: Record<string, unknown>;
  user_metadata: Record<string, unknown>;
  is_anonymous: boolean;
}

export async function findUser(sql: Sql, id: string): Promise<UserView | null> {
  const [user] = await selectUsers(sql, part`where u.id = ${id}`);
  return user ?? null;
}

export async function findUserByEmail(sql: Sql, email: string): Promise<UserView | null> {
  const isMeant = part`where u.email = ${email.toLowerCase()} and not u.is_sso_user`;
  const [user] = await selectUsers(sql, isMeant);
  return user ?? null;
}

/** @returns one page, newest first, and how many users there are in all */
export async function listUsers(
  sql: Sql,
  page: number,
  perPage: number,
): Promise<{ users: UserView[]; total: number }> {
  const [count] = await sql<{ total: number }>`select count(*)::int as total from auth.users`;
  const users = await selectUsers(
    sql,
    part`order by u.created_at desc, u.id limit ${perPage} offset ${(page - 1) * perPage}`,
  );
  return { users, total: count?.total ?? 0 };
}

/** @param which of them, and in what order */
async function selectUsers(sql: Sql, which: Part): Promise<UserView[]> {
  const rows = await sql<{ view: UserView }>`
    select jsonb_build_object(
      'id', u.id,
      'aud', coalesce(u.aud, 'authenticated'),
      'role', coalesce(u.role, 'authenticated'),
      'email', coalesce(u.email, ''),
      'phone', coalesce(u.phone, ''),
      'email_confirmed_at', u.email_confirmed_at,
      'phone_confirmed_at', u.phone_confirmed_at,
      'confirmed_at', u.confirmed_at,
      'invited_at', u.invited_at,
      'last_sign_in_at', u.last_sign_in_at,
      'banned_until', u.banned_until,
      'app_metadata', coalesce(u.raw_app_meta_data, '{}'),
      'user_metadata', coalesce(u.raw_user_meta_data, '{}'),
      'identities', coalesce(
        (
          select jsonb_agg(to_jsonb(i) || jsonb_build_object('identity_id', i.id, 'id', i.provider_id))
          from auth.identities i
          where i.user_id = u.id
        ),
        '[]'
      ),
      'created_at', u.created_at,
      'updated_at', u.updated_at,
      'is_anonymous', u.is_anonymous
    ) || case
      when u.email_change <> '' then jsonb_build_object('new_email', u.email_change) else '{}'
    end as view
    from auth.users u
    ${which}
  `;
  return rows.map((row) => asHosted(row.view));
}

/** Without what is null, and with times in the form of the Auth server. */
export function asHosted<User extends object>(user: User): User;
export function asHosted(user: object): object {
  const shown = Object.entries(user).flatMap(([key, value]) => {
    if (value === null) return [];
    if (key === "identities" && Array.isArray(value)) return [[key, value.map(asHosted)]];
    if (!/_(at|until)$/.test(key) || typeof value !== "string") return [[key, value]];
    return [[key, value.replace(" ", "T").replace(/\+00(:00)?$/, "Z")]];
  });
  return Object.fromEntries(shown);
}

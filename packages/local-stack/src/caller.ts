import type { Queries, Sql } from "./sql/sql.ts";

/** Who a request comes from, once its API key and its token have been checked. */
export interface Caller {
  /** Of the database: one of the platform's, or a project's own that the API may act in. */
  role: string;
  /** Id in `auth.users`; null where the caller is known by an API key alone. */
  userId: string | null;
  /** The verified claims of the token, or `{ role }` where there was none. */
  claims: Record<string, unknown>;
  /** Settings of the transaction that policies and triggers may read, such as `request.path`. */
  settings?: Record<string, string>;
  /** Showed neither a key nor a token that holds: what is public is all that is theirs. */
  isNobody?: boolean;
}

export const anonymous: Caller = { role: "anon", userId: null, claims: { role: "anon" } };

export const nobody: Caller = { ...anonymous, isNobody: true };

export const serviceRole: Caller = {
  role: "service_role",
  userId: null,
  claims: { role: "service_role" },
};

/** Tells whether the API may act in a role: hosted logs in as `authenticator` and changes to it. */
export function usableRoles(sql: Sql): (role: string) => Promise<boolean> {
  const known = new Set(["anon", "authenticated", "service_role"]);
  return async (role) => {
    if (known.has(role)) return true;
    const [found] = await sql<{ usable: boolean }>`
      select pg_has_role('authenticator', oid, 'member') as usable
      from pg_roles where rolname = ${role}`;
    return found?.usable ?? false;
  };
}

/**
 * Runs `work` in one transaction with the caller's database role and claims, so that grants and
 * row level security apply to it exactly as to the Data API. Rolled back when `work` throws.
 */
export async function asCaller<T>(
  sql: Sql,
  caller: Caller,
  work: (tx: Queries) => Promise<T>,
): Promise<T> {
  return await sql.begin(async (tx) => {
    const settings = {
      ...caller.settings,
      "request.jwt.claims": JSON.stringify(caller.claims),
      role: caller.role,
    };
    await tx`
      select set_config(key, value, true)
      from jsonb_each_text(${JSON.stringify(settings)}::text::jsonb)
    `;
    return await work(tx);
  });
}

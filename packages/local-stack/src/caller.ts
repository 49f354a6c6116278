import type { Queries, Sql } from "./sql/sql.ts";

/** Who a request comes from, once its API key and its token have been checked. */
export interface Caller {
  role: "anon" | "authenticated" | "service_role";
  /** Id in `auth.users`; null where the caller is known by an API key alone. */
  userId: string | null;
  /** The verified claims of the token, or `{ role }` where there was none. */
  claims: Record<string, unknown>;
}

export const anonymous: Caller = { role: "anon", userId: null, claims: { role: "anon" } };

export const serviceRole: Caller = {
  role: "service_role",
  userId: null,
  claims: { role: "service_role" },
};

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
    await tx`
      select
        set_config('role', ${caller.role}, true),
        set_config('request.jwt.claims', ${JSON.stringify(caller.claims)}, true)
    `;
    return await work(tx);
  });
}

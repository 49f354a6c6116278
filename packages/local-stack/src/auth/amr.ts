import { z } from "zod";
import type { Sql } from "../sql/sql.ts";
import type { Ask } from "./ask.ts";
import { isMarked } from "./pkce.ts";

/** How somebody proved who they are, as the claim `amr` tells. */
interface Method {
  method: string;
  timestamp: number;
}

/** How the session that a request opens began; null for one that goes on, or opens none. */
export function methodOf({ path, query, body }: Ask): string | null {
  if (path === "/signup") return body.email ? "password" : "anonymous";
  if (path === "/token") return query.get("grant_type") === "password" ? "password" : null;
  if (path !== "/verify") return null;
  if (!isMarked(query.get("token") ?? "")) return "otp";
  // Where a link gives a code, what the mail was about counts.
  const type = query.get("type") ?? "otp";
  return type === "signup" ? "email/signup" : type;
}

/** Notes how a session began, and tells it. */
export async function methodsOf(
  sql: Sql,
  sessionId: unknown,
  method: string | null,
): Promise<Method[]> {
  const { data: id } = z.guid().safeParse(sessionId);
  if (id === undefined) return [];
  if (method !== null) {
    await sql`
      insert into auth.mfa_amr_claims (session_id, authentication_method)
      values (${id}, ${method})
      on conflict (session_id, authentication_method) do update set updated_at = now()`;
  }
  return await sql<Method>`
    select authentication_method as method, extract(epoch from updated_at)::int as timestamp
    from auth.mfa_amr_claims
    where session_id = ${id}
    order by updated_at desc`;
}

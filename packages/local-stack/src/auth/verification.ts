import type { Sql } from "../sql/sql.ts";
import { hashOf, isConfirmation } from "./one-time-token.ts";

/**
 * The library's word for a verification. It has none for an invitation, which confirms an address
 * as a sign-up does, nor for `email`, which means whatever the mail was about.
 */
export async function verificationType(
  sql: Sql,
  type: string | null,
  hash: string,
): Promise<string> {
  if (type === "invite") return "signup";
  if (type === "email") return (await isConfirmation(sql, hash)) ? "signup" : "magiclink";
  return type ?? "";
}

/** The same for `verifyOtp()`, which names a token by its hash or by address and code. */
export async function verificationBody(
  sql: Sql,
  body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { type, token, token_hash, email } = body;
  if (typeof type !== "string") return body;
  const hash =
    typeof token_hash === "string"
      ? token_hash
      : typeof email === "string" && typeof token === "string"
        ? hashOf(email, token)
        : "";
  return { ...body, type: await verificationType(sql, type, hash) };
}

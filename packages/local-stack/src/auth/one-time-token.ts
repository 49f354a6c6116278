import { createHash, randomInt } from "node:crypto";
import type { Sql } from "../sql/sql.ts";
import { identifier } from "../sql/statement.ts";

/** The columns of `auth.users` that hold one-time tokens, each with the time it was sent. */
const sentAt = {
  confirmation_token: "confirmation_sent_at",
  recovery_token: "recovery_sent_at",
  email_change_token_current: "email_change_sent_at",
  email_change_token_new: "email_change_sent_at",
} as const;

export type TokenColumn = keyof typeof sentAt;

/** A code of digits and what is kept of it: the library's hash of address and code. */
export function newCode(email: string, length: number): { code: string; hash: string } {
  const code = Array.from({ length }, () => randomInt(10)).join("");
  return { code, hash: hashOf(email, code) };
}

export function hashOf(email: string, code: string): string {
  return createHash("sha256")
    .update(email.toLowerCase() + code)
    .digest("hex");
}

export async function keepToken(
  sql: Sql,
  userId: string,
  column: TokenColumn,
  hash: string,
): Promise<void> {
  await sql`
    update auth.users set ${identifier(column)} = ${hash}, ${identifier(sentAt[column])} = now()
    where id = ${userId}
  `;
}

/** Which confirmation a token belongs to where its holder only says that it came by e-mail. */
export async function isConfirmation(sql: Sql, hash: string): Promise<boolean> {
  const [user] = await sql`select from auth.users where confirmation_token = ${hash}`;
  return user !== undefined;
}

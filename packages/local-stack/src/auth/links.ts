import { createHash, randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import type { AuthSettings } from "../config/settings.ts";
import type { Sql } from "../sql/sql.ts";
import { identifier } from "../sql/statement.ts";
import { type Post, redirectOf, verifyLink } from "./mail.ts";
import { withoutMark } from "./pkce.ts";
import { AuthRefusal } from "./refusal.ts";
import { findUser, findUserByEmail, type UserView } from "./user-view.ts";
import { createUser, updateUser } from "./users.ts";

const email = z.email("Unable to validate email address: invalid format").toLowerCase();
const data = z.record(z.string(), z.unknown()).nullish();
export const inviteBody = z.object({ email, data });
export const linkBody = z.object({
  type: z.enum([
    "signup",
    "invite",
    "magiclink",
    "recovery",
    "email_change_current",
    "email_change_new",
  ]),
  email,
  new_email: email.nullish(),
  password: z.string().max(72).nullish(),
  data,
  redirect_to: z.string().nullish(),
});

type LinkBody = z.output<typeof linkBody>;

export interface LinkDeps {
  sql: Sql;
  settings: AuthSettings;
  issuer: () => string;
  post: Post;
}

const columns: Record<LinkBody["type"], TokenColumn> = {
  signup: "confirmation_token",
  invite: "confirmation_token",
  magiclink: "recovery_token",
  recovery: "recovery_token",
  email_change_current: "email_change_token_current",
  email_change_new: "email_change_token_new",
};

/** `admin.generateLink()`: the link and the code that a mail would hold, without sending it. */
export async function generateLink(deps: LinkDeps, body: LinkBody) {
  const { sql, settings, issuer } = deps;
  const existing = await findUserByEmail(sql, body.email);
  // As on hosted, a magic link signs up whom nobody knows yet.
  const type = existing === null && body.type === "magiclink" ? "signup" : body.type;
  const user = await userFor(deps, type, body, existing);
  const address = await addressOf(deps, type, body, user);
  const { code, hash } = await keepCode(deps, { ...user, email: address }, columns[type]);
  const redirectTo = redirectOf(body.redirect_to ?? null, settings);
  const verificationType = type.startsWith("email_change") ? "email_change" : type;
  return {
    ...(await findUser(sql, user.id)),
    action_link: verifyLink(issuer(), hash, verificationType, redirectTo),
    email_otp: code,
    hashed_token: hash,
    verification_type: type,
    redirect_to: redirectTo,
  };
}

/** `admin.inviteUserByEmail()`: the same for an invitation, sent. */
export async function invite(
  deps: LinkDeps,
  body: z.output<typeof inviteBody>,
  redirectTo: string | null,
): Promise<UserView | null> {
  const { action_link, email_otp, id } = await generateLink(deps, {
    ...body,
    type: "invite",
    redirect_to: redirectTo,
  });
  deps.post.invite(body.email, action_link, email_otp);
  return await findUser(deps.sql, id ?? "");
}

async function userFor(
  { sql, settings }: LinkDeps,
  type: LinkBody["type"],
  body: LinkBody,
  existing: UserView | null,
): Promise<UserView> {
  const isNew = type === "signup" || type === "invite";
  if (!isNew) {
    if (existing) return existing;
    throw new AuthRefusal(404, "user_not_found", "User with this email not found");
  }
  if (existing?.email_confirmed_at) {
    const message = "A user with this email address has already been registered";
    throw new AuthRefusal(422, "email_exists", message);
  }
  const password = type === "signup" ? passwordOf(body, settings) : undefined;
  const change = { password, user_metadata: body.data ?? {} };
  const id = existing?.id ?? (await createUser(sql, { email: body.email, ...change }));
  if (existing) await updateUser(sql, id, { user_metadata: change.user_metadata });
  if (type === "invite") await sql`update auth.users set invited_at = now() where id = ${id}`;
  const user = await findUser(sql, id);
  if (user === null) throw new AuthRefusal(404, "user_not_found", "User not found");
  return user;
}

function passwordOf({ type, password }: LinkBody, settings: AuthSettings): string {
  if (type === "magiclink") return randomBytes(32).toString("hex");
  if (!password) {
    throw new AuthRefusal(400, "validation_failed", "Signup requires a valid password");
  }
  const least = settings.minimum_password_length;
  if (password.length >= least) return password;
  throw new AuthRefusal(422, "weak_password", `Password should be at least ${least} characters.`);
}

/** Whose mailbox the code is for; a change of address is noted first. */
async function addressOf(
  { sql, settings }: LinkDeps,
  type: LinkBody["type"],
  body: LinkBody,
  user: UserView,
): Promise<string> {
  if (!type.startsWith("email_change")) return body.email;
  if (type === "email_change_current" && !settings.email.double_confirm_changes) {
    const message = "Enable secure email change to generate link for current email";
    throw new AuthRefusal(400, "validation_failed", message);
  }
  const address = body.new_email;
  if (!address) throw new AuthRefusal(400, "validation_failed", "An email address is required");
  if (await findUserByEmail(sql, address)) {
    const message = "A user with this email address has already been registered";
    throw new AuthRefusal(422, "email_exists", message);
  }
  await sql`update auth.users set email_change = ${address} where id = ${user.id}`;
  return type === "email_change_new" ? address : body.email;
}

/** The columns of `auth.users` that hold one-time tokens, each with the time it was sent. */
const sentAt = {
  confirmation_token: "confirmation_sent_at",
  recovery_token: "recovery_sent_at",
  email_change_token_current: "email_change_sent_at",
  email_change_token_new: "email_change_sent_at",
} as const;

type TokenColumn = keyof typeof sentAt;

/** A code of digits and what is kept of it: the library's hash of address and code. */
function newCode(email: string, length: number): { code: string; hash: string } {
  const code = Array.from({ length }, () => randomInt(10)).join("");
  return { code, hash: hashOf(email, code) };
}

function hashOf(email: string, code: string): string {
  return createHash("sha256")
    .update(email.toLowerCase() + code)
    .digest("hex");
}

async function keepToken(
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

/** Makes a user's code anew. */
export async function keepCode(
  { sql, settings }: LinkDeps,
  { id, email }: Pick<UserView, "id" | "email">,
  column: TokenColumn,
): Promise<{ code: string; hash: string }> {
  const made = newCode(email, settings.email.otp_length);
  await keepToken(sql, id, column, made.hash);
  return made;
}

/** Which confirmation a token belongs to where its holder only says that it came by e-mail. */
async function isConfirmation(sql: Sql, hash: string): Promise<boolean> {
  const [user] = await sql`select from auth.users where confirmation_token = ${hash}`;
  return user !== undefined;
}

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
  const { type, token, email } = body;
  if (typeof type !== "string") return body;
  if (typeof body.token_hash === "string") {
    const token_hash = withoutMark(body.token_hash);
    return { ...body, token_hash, type: await verificationType(sql, type, token_hash) };
  }
  const isCode = typeof email === "string" && typeof token === "string";
  return { ...body, type: await verificationType(sql, type, isCode ? hashOf(email, token) : "") };
}

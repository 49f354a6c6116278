import { randomUUID } from "node:crypto";
import type { Ask } from "./ask.ts";
import { keepCode, type LinkDeps } from "./links.ts";
import { authError } from "./refusal.ts";
import { findUserByEmail, type UserView } from "./user-view.ts";

/**
 * What the library refuses as too early however late it is: signing up once more where addresses
 * are confirmed, and asking for that mail again. Null leaves a request to it.
 */
export async function answerAgain(deps: LinkDeps, ask: Ask): Promise<Response | null> {
  const { path, method, body } = ask;
  if (method !== "POST" || typeof body.email !== "string") return null;
  if (path === "/resend" && body.type === "email_change") {
    await deps.sql`update auth.users set email_change_sent_at = null where email = ${body.email.toLowerCase()}`;
    return null;
  }
  const isSignUp = path === "/signup" && deps.settings.email.enable_confirmations;
  if (!isSignUp && !(path === "/resend" && body.type === "signup")) return null;
  const user = await findUserByEmail(deps.sql, body.email);
  if (user === null) return null;
  if (user.email_confirmed_at !== undefined) return isSignUp ? Response.json(stranger(user)) : null;
  const { code, hash } = await keepCode(deps, user, "confirmation_token");
  deps.post.confirm(user.email, hash, code);
  return Response.json(isSignUp ? user : {});
}

/** Who signs up with somebody's address does not learn that it is taken. */
function stranger({ email }: UserView): object {
  const now = new Date().toISOString();
  return {
    id: randomUUID(),
    aud: "authenticated",
    role: "",
    email,
    phone: "",
    confirmation_sent_at: now,
    app_metadata: { provider: "email", providers: ["email"] },
    user_metadata: {},
    identities: [],
    created_at: now,
    updated_at: now,
    is_anonymous: false,
  };
}

/** Whoever knows no password does not learn that an address is not confirmed yet. */
export async function hideUnconfirmed(
  { sql }: LinkDeps,
  { path, body }: Ask,
  answer: Response,
): Promise<Response> {
  const isTold = answer.headers.get("x-sb-error-code") === "email_not_confirmed";
  if (path !== "/token" || !isTold) return answer;
  // Postgres reads and writes the same hashes by an older name.
  const [known] = await sql`
    select from auth.users, replace(encrypted_password, '$2b$', '$2a$') as hash
    where email = ${String(body.email).toLowerCase()}
      and hash = extensions.crypt(${String(body.password)}, hash)`;
  return known === undefined
    ? authError(400, "invalid_credentials", "Invalid login credentials")
    : answer;
}

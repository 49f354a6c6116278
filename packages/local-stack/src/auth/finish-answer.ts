import { decodeJwt } from "jose";
import { z } from "zod";
import type { Sql } from "../sql/sql.ts";
import { type Flows, isMarked } from "./pkce.ts";
import { authError } from "./refusal.ts";
import type { Tokens } from "./tokens.ts";
import { asHosted, findUser } from "./user-view.ts";
import { endAnonymity, endSessionsOfBanned } from "./users.ts";

const sessionAnswer = z.looseObject({
  access_token: z.string(),
  user: z.looseObject({ id: z.string() }),
});

/** A user by itself, as `getUser()` and `updateUser()` show it. */
const userAnswer = z.looseObject({ id: z.uuid(), aud: z.string(), is_anonymous: z.boolean() });

interface Finishing {
  sql: Sql;
  tokens: Tokens;
  flows: Flows;
  /** The token of a link that was followed. */
  link: string;
  /** How a session that is opened began; null for one that goes on. */
  method: string | null;
  /** A token of a mail was redeemed: an anonymous user may have an address now. */
  isVerification: boolean;
  /** It was a code that somebody typed, not a link. */
  isCode: boolean;
}

/**
 * An answer of the library as hosted gives it: with an access token of ours where it holds a
 * session, what is stored about the user, and JSON where it refuses.
 */
export async function finishAnswer(answer: Response, how: Finishing): Promise<Response> {
  const redirected = await finishRedirect(answer, how);
  if (redirected !== null) return redirected;
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  if (answer.status >= 400 && !isJson) return refusalOf(answer);
  if (!isJson) return answer;
  const body: unknown = await answer.clone().json();
  if (!answer.ok) {
    const isExpired = answer.headers.get("x-sb-error-code") === "otp_expired";
    return isExpired && how.isCode
      ? authError(403, "otp_expired", "Token has expired or is invalid")
      : answer;
  }
  const session = sessionAnswer.safeParse(body);
  if (session.success) return await finishSession(answer, session.data, how);
  const user = userAnswer.safeParse(body);
  if (!user.success) return answer;
  const stored = await findUser(how.sql, user.data.id);
  return withBody(answer, asHosted({ ...user.data, ...stored }));
}

/** Banned users get no session, which the library does not look at. */
async function finishSession(
  answer: Response,
  session: z.output<typeof sessionAnswer>,
  { sql, tokens, method, isVerification }: Finishing,
): Promise<Response> {
  const { access_token, user } = session;
  if (await endSessionsOfBanned(sql, user.id)) {
    return authError(400, "user_banned", "User is banned");
  }
  if (isVerification) await endAnonymity(sql, user.id);
  const stored = await findUser(sql, user.id);
  return withBody(answer, {
    ...session,
    access_token: await tokens.issue(access_token, stored, method),
    user: asHosted({ ...user, ...stored }),
  });
}

/** Links that were followed redirect with what came of it in the address; null for others. */
async function finishRedirect(answer: Response, how: Finishing): Promise<Response | null> {
  const location = answer.headers.get("location");
  if (location === null) return null;
  const [address = "", fragment = ""] = location.split("#");
  const parameters = new URLSearchParams(fragment);
  const inner = parameters.get("access_token");
  if (inner === null && !isMarked(how.link)) return null;
  const headers = new Headers(answer.headers);
  headers.set("location", await addressAfter(address, parameters, how));
  return new Response(null, { status: answer.status, headers });
}

async function addressAfter(
  address: string,
  parameters: URLSearchParams,
  { sql, tokens, flows, link, method }: Finishing,
): Promise<string> {
  const inner = parameters.get("access_token");
  if (inner === null) {
    const url = new URL(address);
    for (const [name, value] of parameters) url.searchParams.set(name, value);
    url.hash = `${parameters}`;
    return url.href;
  }
  const { sub } = z.object({ sub: z.uuid() }).parse(decodeJwt(inner));
  await endAnonymity(sql, sub);
  const token = await tokens.issue(inner, await findUser(sql, sub), method);
  if (isMarked(link)) {
    const url = new URL(address);
    url.searchParams.set("code", flows.giveCode(link, parameters.get("refresh_token") ?? ""));
    return url.href;
  }
  parameters.set("access_token", token);
  return `${address}#${parameters}`;
}

function refusalOf({ status }: Response): Response {
  return status === 405
    ? authError(405, "method_not_allowed", "405 method not allowed")
    : authError(status, "not_found", `${status} page not found`);
}

function withBody(answer: Response, body: unknown): Response {
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return new Response(JSON.stringify(body), { status: answer.status, headers });
}

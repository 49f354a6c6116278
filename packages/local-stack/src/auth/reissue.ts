import { z } from "zod";
import type { Sql } from "../sql/sql.ts";
import type { Tokens, TokenUser } from "./tokens.ts";
import { endSessionsOfBanned, findUser } from "./users.ts";

const sessionAnswer = z.looseObject({
  access_token: z.string(),
  user: z.looseObject({
    id: z.string(),
    email: z.string().nullish(),
    phone: z.string().nullish(),
    app_metadata: z.unknown(),
    user_metadata: z.unknown(),
    is_anonymous: z.boolean().nullish(),
  }),
});

/**
 * Replaces the access token of an answer that holds a session, unless its user is banned, which the
 * Auth service does not look at. Other answers pass unchanged.
 */
export async function reissueAnswer(answer: Response, sql: Sql, tokens: Tokens): Promise<Response> {
  if (!answer.ok || !(answer.headers.get("content-type") ?? "").includes("json")) return answer;
  const body: unknown = await answer.clone().json();
  const session = sessionAnswer.safeParse(body);
  if (!session.success) return answer;
  const { access_token, user } = session.data;
  if (await endSessionsOfBanned(sql, user.id)) {
    const refusal = { code: 400, error_code: "user_banned", msg: "User is banned" };
    return Response.json(refusal, { status: 400, headers: { "x-sb-error-code": "user_banned" } });
  }
  const token = await tokens.issue(access_token, {
    email: user.email ?? "",
    phone: user.phone ?? "",
    appMetadata: user.app_metadata ?? {},
    userMetadata: user.user_metadata ?? {},
    isAnonymous: user.is_anonymous ?? false,
  });
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  const reissued = { ...session.data, access_token: token };
  return new Response(JSON.stringify(reissued), { status: answer.status, headers });
}

/** The same for links that redirect with the session in the address's fragment; null for others. */
export async function reissueRedirect(
  answer: Response,
  sql: Sql,
  tokens: Tokens,
): Promise<Response | null> {
  const location = answer.headers.get("location");
  const [address, fragment] = location?.split("#") ?? [];
  const parameters = new URLSearchParams(fragment);
  const inner = parameters.get("access_token");
  if (inner === null || address === undefined) return null;
  parameters.set("access_token", await tokens.issue(inner, await userOf(inner, sql)));
  const headers = new Headers(answer.headers);
  headers.set("location", `${address}#${parameters}`);
  return new Response(null, { status: answer.status, headers });
}

async function userOf(inner: string, sql: Sql): Promise<TokenUser> {
  const [, payload] = inner.split(".");
  const claims = z
    .object({ sub: z.uuid() })
    .parse(JSON.parse(Buffer.from(payload ?? "", "base64url").toString("utf8")));
  const user = await findUser(sql, claims.sub);
  return {
    email: user?.email ?? "",
    phone: user?.phone ?? "",
    appMetadata: user?.app_metadata ?? {},
    userMetadata: user?.user_metadata ?? {},
    isAnonymous: user?.is_anonymous ?? false,
  };
}

import { z } from "zod";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { AuthRefusal } from "./refusal.ts";
import { findUser } from "./user-view.ts";

/** What a request says, taken apart: the library may get another path or body than was sent. */
export interface Ask {
  request: Request;
  method: string;
  /** Below `/auth/v1`. */
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  caller: Caller;
  /** Whether the caller showed a user's token, not just an API key. */
  hasToken: boolean;
  /** Of the connection. */
  address: string;
}

/** Who asks, and from where. */
export type Asker = Pick<Ask, "caller" | "hasToken" | "address">;

export async function take(request: Request, asker: Asker): Promise<Ask> {
  const { pathname, searchParams: query } = new URL(request.url);
  const path = pathname.slice("/auth/v1".length);
  const asked = { request, method: request.method, path, query, ...asker };
  // The admin API reads its own.
  if (path.startsWith("/admin/users")) return { ...asked, body: {} };
  const text = await request.text();
  if (text === "") return { ...asked, body: {} };
  return { ...asked, body: parseJson(text) };
}

function parseJson(text: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw new AuthRefusal(400, "bad_json", "Could not parse request body as JSON");
  }
}

/** A token of the printed secret may name nobody, or somebody who is not there. */
export async function requireUser(sql: Sql, { path, caller, hasToken }: Ask): Promise<void> {
  if (!hasToken || !/^\/(user|logout|reauthenticate)(\/|$)/.test(path)) return;
  if (caller.userId === null) {
    throw new AuthRefusal(403, "bad_jwt", "invalid claim: missing sub claim");
  }
  if (!z.guid().safeParse(caller.userId).success) {
    throw new AuthRefusal(400, "bad_jwt", "invalid claim: sub claim must be a UUID");
  }
  if ((await findUser(sql, caller.userId)) !== null) return;
  const message = "User from sub claim in JWT does not exist";
  throw new AuthRefusal(403, "user_not_found", message);
}

/** The request that the library gets: without keys, with its own token. */
export function innerRequest(
  { request, method, path, query, body }: Ask,
  token: string | null,
): Request {
  const headers = new Headers(request.headers);
  for (const name of ["apikey", "authorization", "content-length"]) headers.delete(name);
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const url = Object.assign(new URL(request.url), {
    pathname: `/auth/v1${path}`,
    search: query.toString(),
  });
  const hasBody = /^(POST|PUT)$/.test(method);
  if (hasBody) headers.set("content-type", "application/json");
  const sent = hasBody ? JSON.stringify(body) : undefined;
  return new Request(url, { method, headers, body: sent, redirect: "manual" });
}

/** @throws AuthRefusal */
export function check<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(body);
  if (data !== undefined) return data;
  throw new AuthRefusal(400, "validation_failed", error?.issues[0]?.message ?? "Invalid body");
}

/** What the library says otherwise of a grant that lacks something, or is none. */
export function requireGrant({ method, path, query, body }: Ask): void {
  if (method !== "POST" || path !== "/token") return;
  const grant = query.get("grant_type") ?? "";
  if (!/^(password|refresh_token|pkce)$/.test(grant)) {
    throw new AuthRefusal(400, "invalid_credentials", "unsupported_grant_type");
  }
  if (grant === "password" && !body.email && !body.phone) {
    throw new AuthRefusal(400, "validation_failed", "missing email or phone");
  }
  if (grant === "refresh_token" && !body.refresh_token) {
    throw new AuthRefusal(400, "validation_failed", "Refresh token is not valid");
  }
  if (grant === "pkce" && (!body.auth_code || !body.code_verifier)) {
    const sentence = "invalid request: both auth code and code verifier should be non-empty";
    throw new AuthRefusal(400, "validation_failed", sentence);
  }
}

/** What hosted can do and this Auth cannot. Some may be switched off there too, and then have a code. */
const features: [path: RegExp, sentence: string, code?: string][] = [
  [
    /^\/(admin\/users\/[^/]+\/)?factors(\/|$)/,
    "Multi-factor authentication is not part of the embedded stack.",
  ],
  [
    /^\/(admin\/users\/[^/]+\/)?passkeys(\/|$)/,
    "Sign-in by passkey is not part of the embedded stack.",
  ],
  [
    /^\/(admin\/)?sso(\/|$)|^\/saml\//,
    "SAML 2.0 is disabled: single sign-on is not part of the embedded stack.",
    "saml_provider_disabled",
  ],
  [
    /^\/user\/identities\//,
    "Manual linking is disabled: it is not part of the embedded stack.",
    "manual_linking_disabled",
  ],
  [/^\/(admin\/|user\/)?oauth\//, "The OAuth server is not part of the embedded stack."],
  [
    /^\/admin\/custom-providers(\/|$)/,
    "Adding sign-in providers is not part of the embedded stack.",
  ],
  [
    /^\/token\?web3$/,
    "Web3 provider is disabled: it is not part of the embedded stack.",
    "web3_provider_disabled",
  ],
  [
    /^\/token\?id_token$/,
    "Provider is not enabled: tokens of others are not taken by the embedded stack.",
    "provider_disabled",
  ],
];
/** What only a user may ask for. */
const forUsers = /^\/(factors(\/|$)|user\/identities\/)/;

const known =
  /^\/(signup|token|otp|magiclink|verify|recover|resend|health|settings|authorize|callback|logout|user|reauthenticate|invite|admin\/.*|\.well-known\/.*)$/;

/** Says in one sentence what the embedded Auth does not do, where a request asks for it. */
export function refuseWhatIsNotHere({ path, query, body, hasToken }: Ask): void {
  if (forUsers.test(path) && !hasToken) {
    throw new AuthRefusal(401, "no_authorization", "This endpoint requires a valid Bearer token");
  }
  const asked = path === "/token" ? `${path}?${query.get("grant_type")}` : path;
  const [, sentence, code = "not_implemented"] = features.find(([one]) => one.test(asked)) ?? [];
  // With a 501 clients would take it for an outage, and try again.
  if (sentence !== undefined) throw new AuthRefusal(422, code, sentence);
  if (!known.test(path)) throw new AuthRefusal(404, "not_found", `There is no ${path}`);
  if (!body.phone || body.email) return;
  if (path === "/verify") {
    if (!/^\+?[1-9]\d{1,14}$/.test(String(body.phone))) {
      const sentence = "Invalid phone number format (E.164 required)";
      throw new AuthRefusal(400, "validation_failed", sentence);
    }
    throw new AuthRefusal(403, "otp_expired", "Token has expired or is invalid");
  }
  if (/^\/(signup|otp|resend|token|user)$/.test(path)) {
    throw new AuthRefusal(400, "phone_provider_disabled", "Unsupported phone provider");
  }
}

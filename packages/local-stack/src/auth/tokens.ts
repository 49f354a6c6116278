import { timingSafeEqual } from "node:crypto";
import { decodeJwt, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { anonymous, type Caller, serviceRole } from "../caller.ts";
import type { ServiceKeys } from "../keys.ts";
import type { Sql } from "../sql/sql.ts";
import { methodsOf } from "./amr.ts";
import type { UserView } from "./user-view.ts";

export type Tokens = Awaited<ReturnType<typeof createTokens>>;

/** The public half of the signing key. Functions get it as `SUPABASE_JWKS`. */
export function publicJwks({ kty, crv, x, y, kid, alg, use }: ServiceKeys["signingKey"]) {
  return { keys: [{ kty, crv, x, y, kid, alg, use, key_ops: ["verify"], ext: true }] };
}

/** API keys of the older kind, as hosted functions find them beside the new ones. */
export async function olderKeys(jwtSecret: string): Promise<Record<string, string>> {
  const key = (role: string) =>
    new SignJWT({ role })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer("supabase")
      .setIssuedAt()
      .setExpirationTime("10y")
      .sign(new TextEncoder().encode(jwtSecret));
  return {
    SUPABASE_ANON_KEY: await key("anon"),
    SUPABASE_SERVICE_ROLE_KEY: await key("service_role"),
  };
}

/**
 * Checks signature and times of access tokens: those that Auth handed out, and those signed with
 * HS256 and the JWT secret, which may carry any claims.
 * @returns reads a token's claims, or throws an error of jose
 */
export async function createVerifier(keys: Pick<ServiceKeys, "signingKey" | "jwtSecret">) {
  const secret = new TextEncoder().encode(keys.jwtSecret);
  const { d: _, ...publicKey } = keys.signingKey;
  const verificationKey = await importJWK(publicKey, "ES256");
  return async (token: string): Promise<JWTPayload> => {
    // Each algorithm has its own key: a signature made with the public key as a secret fails.
    const { payload } = await jwtVerify(token, ({ alg, kid }) => {
      if (alg === "HS256") return secret;
      if (alg === "ES256" && kid === publicKey.kid) return verificationKey;
      throw new errors.JWKSNoMatchingKey();
    });
    return payload;
  };
}

/** Why a token was refused, in the words of the library that hosted services use too. */
interface RefusedToken {
  refused: "invalid_token" | "expired_token";
  reason?: string;
  /** How many parts it has; three would be right. */
  parts?: number;
}

/**
 * Access tokens as hosted projects with asymmetric keys issue them.
 * @param issuer `<apiUrl>/auth/v1`
 */
export async function createTokens(
  options: Pick<ServiceKeys, "signingKey" | "jwtSecret"> & {
    sql: Sql;
    issuer: () => string;
    isUsableRole(role: string): Promise<boolean>;
  },
) {
  const { issuer, signingKey } = options;
  const innerSecret = new TextEncoder().encode(options.jwtSecret);
  const privateKey = await importJWK(signingKey, "ES256");
  const verify = await createVerifier(options);

  /** Who shows an access token. */
  async function read(token: string): Promise<Caller | RefusedToken> {
    try {
      return await callerOf(await verify(token));
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      const isExpired = error instanceof errors.JWTExpired;
      const refused = isExpired ? "expired_token" : "invalid_token";
      return { refused, reason: error.message, parts: token.split(".").length };
    }
  }

  async function callerOf(payload: JWTPayload): Promise<Caller | RefusedToken> {
    const { role = "anon", sub } = payload;
    if (typeof role !== "string" || !(await options.isUsableRole(role))) {
      return { refused: "invalid_token" };
    }
    return { role, userId: sub ?? null, claims: { ...payload } };
  }

  /** Signs again, with ES256 and all hosted claims, what the Auth service signed with HS256. */
  async function issue(
    inner: string,
    user: UserView | null,
    method: string | null,
  ): Promise<string> {
    const claims = decodeJwt(inner);
    const issuedAt = claims.iat ?? Math.floor(Date.now() / 1000);
    return await new SignJWT({
      iss: issuer(),
      sub: claims.sub,
      aud: claims.aud ?? "authenticated",
      exp: claims.exp,
      iat: issuedAt,
      email: user?.email ?? "",
      phone: user?.phone ?? "",
      app_metadata: user?.app_metadata ?? {},
      user_metadata: user?.user_metadata ?? {},
      role: claims.role,
      aal: "aal1",
      amr: await methodsOf(options.sql, claims.session_id, method),
      session_id: claims.session_id,
      is_anonymous: user?.is_anonymous ?? false,
    })
      .setProtectedHeader({ alg: "ES256", kid: signingKey.kid, typ: "JWT" })
      .sign(privateKey);
  }

  /** The token that the Auth service itself understands, for a caller already verified. */
  async function toInner({ claims }: Caller): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { sub, aud, role, email, session_id, exp = now + 60, iat = now } = claims;
    return await new SignJWT({ sub: text(sub), aud: text(aud), role, email, session_id })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuedAt(Number(iat))
      .setExpirationTime(Number(exp))
      .sign(innerSecret);
  }

  return { jwks: publicJwks(signingKey), read, issue, toInner };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Who is calling, or why that cannot be said. */
export type Resolution =
  | { caller: Caller; key: "publishable" | "secret" | null; hasToken: boolean }
  | { refused: "no_key" | "invalid_key"; reason?: never; parts?: never }
  | RefusedToken;

/**
 * Reads the API key (header `apikey`, query `apikey`, or a bearer that is a key) and the user's
 * token (any other bearer). A user's token decides the role, as on hosted, whichever key is beside it.
 */
export async function resolveCaller(
  request: Request,
  keys: ServiceKeys,
  tokens: Tokens,
): Promise<Resolution> {
  const bearer = bearerOf(request.headers.get("authorization"));
  const bearerKey = bearer?.startsWith("sb_") ? bearer : null;
  const given =
    request.headers.get("apikey") ?? new URL(request.url).searchParams.get("apikey") ?? bearerKey;
  const legacy = given === null || given.startsWith("sb_") ? null : await tokens.read(given);
  const key = given === null ? null : (kindOf(given, keys) ?? kindOfLegacy(legacy));
  if (key === undefined) return { refused: "invalid_key" };
  if (bearerKey !== null && kindOf(bearerKey, keys) === undefined)
    return { refused: "invalid_key" };

  if (bearer !== null && bearerKey === null) {
    const caller = await tokens.read(bearer);
    return "refused" in caller ? caller : { caller, key, hasToken: true };
  }
  if (key === null) return { refused: "no_key" };
  return { caller: key === "secret" ? serviceRole : anonymous, key, hasToken: false };
}

/** The keys of older projects are tokens of roles `anon` and `service_role`. */
function kindOfLegacy(key: Caller | RefusedToken | null): "publishable" | "secret" | undefined {
  if (key === null || "refused" in key) return undefined;
  return key.role === "service_role" ? "secret" : "publishable";
}

function bearerOf(authorization: string | null): string | null {
  const match = authorization?.match(/^bearer\s+(.+)$/i);
  return match?.[1]?.trim() ?? null;
}

function kindOf(given: string, keys: ServiceKeys): "publishable" | "secret" | undefined {
  if (same(given, keys.publishableKey)) return "publishable";
  if (same(given, keys.secretKey)) return "secret";
  return undefined;
}

/** Takes as long wherever two secrets differ. */
export function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

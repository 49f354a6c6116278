import { timingSafeEqual } from "node:crypto";
import {
  calculateJwkThumbprint,
  decodeJwt,
  errors,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";
import { anonymous, type Caller, serviceRole } from "../caller.ts";
import type { UserView } from "./users.ts";

/** Why a token was refused; `expired` so that clients can tell it from a forged one. */
class TokenRefused extends Error {
  readonly expired: boolean;
  /** In the words of the library that hosted services use too. */
  readonly reason: string | undefined;

  constructor(expired: boolean, reason?: string) {
    super(expired ? "JWT expired" : "The token could not be verified");
    this.reason = reason;
    this.name = "TokenRefused";
    this.expired = expired;
  }
}

export type Tokens = Awaited<ReturnType<typeof createTokens>>;

/** The public half of the signing key. Functions get it as `SUPABASE_JWKS`. */
export async function publicJwks(signingKey: JWK): Promise<{ keys: JWK[] }> {
  const { kty, crv, x, y } = signingKey;
  const kid = signingKey.kid ?? (await calculateJwkThumbprint(signingKey));
  return {
    keys: [{ kty, crv, x, y, kid, alg: "ES256", use: "sig", key_ops: ["verify"], ext: true }],
  };
}

/**
 * Access tokens as hosted projects with asymmetric keys issue them.
 * @param issuer `<apiUrl>/auth/v1`
 */
export async function createTokens(options: {
  signingKey: JWK;
  jwtSecret: string;
  issuer: () => string;
}) {
  const { issuer } = options;
  const innerSecret = new TextEncoder().encode(options.jwtSecret);
  const jwks = await publicJwks(options.signingKey);
  const [publicKey] = jwks.keys;
  if (publicKey === undefined) throw new Error("There is no signing key.");
  const privateKey = await importJWK(options.signingKey, "ES256");
  const verificationKey = await importJWK(publicKey, "ES256");

  /**
   * Checks signature, times and role of an access token: one that Auth handed out, or one signed
   * with HS256 and the JWT secret, which may carry any claims. @throws TokenRefused
   */
  async function verify(token: string): Promise<Caller> {
    try {
      // Each algorithm has its own key: a signature made with the public key as a secret fails.
      const { payload } = await jwtVerify(token, ({ alg, kid }) => {
        if (alg === "HS256") return innerSecret;
        if (kid === publicKey?.kid) return verificationKey;
        throw new errors.JWKSNoMatchingKey();
      });
      return callerOf(payload);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      throw new TokenRefused(error instanceof errors.JWTExpired, error.message);
    }
  }

  /** Signs again, with ES256 and all hosted claims, what the Auth service signed with HS256. */
  async function issue(inner: string, user: UserView | null): Promise<string> {
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
      amr: [{ method: "password", timestamp: issuedAt }],
      session_id: claims.session_id,
      is_anonymous: user?.is_anonymous ?? false,
    })
      .setProtectedHeader({ alg: "ES256", kid: publicKey?.kid, typ: "JWT" })
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

  return { jwks, verify, issue, toInner };
}

function callerOf(payload: JWTPayload): Caller {
  const { role = "anon", sub } = payload;
  if (role !== "authenticated" && role !== "anon" && role !== "service_role") {
    throw new TokenRefused(false);
  }
  return { role, userId: sub ?? null, claims: { ...payload } };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Who is calling, or why that cannot be said. */
export type Resolution =
  | { caller: Caller; key: "publishable" | "secret" | null; hasToken: boolean }
  | { refused: "no_key" | "invalid_key" | "invalid_token" | "expired_token"; reason?: string };

interface ApiKeys {
  publishableKey: string;
  secretKey: string;
}

/**
 * Reads the API key (header `apikey`, query `apikey`, or a bearer that is a key) and the user's
 * token (any other bearer). A user's token decides the role, as on hosted, whichever key is beside it.
 */
export async function resolveCaller(
  request: Request,
  keys: ApiKeys,
  tokens: Tokens,
): Promise<Resolution> {
  const bearer = bearerOf(request.headers.get("authorization"));
  const bearerKey = bearer?.startsWith("sb_") ? bearer : null;
  const given =
    request.headers.get("apikey") ?? new URL(request.url).searchParams.get("apikey") ?? bearerKey;
  const legacy = given === null || given.startsWith("sb_") ? null : await ofToken(given, tokens);
  const key = given === null ? null : (kindOf(given, keys) ?? kindOfLegacy(legacy));
  if (key === undefined) return { refused: "invalid_key" };
  if (bearerKey !== null && kindOf(bearerKey, keys) === undefined)
    return { refused: "invalid_key" };

  if (bearer !== null && bearerKey === null) {
    const caller = await ofToken(bearer, tokens);
    if (!(caller instanceof TokenRefused)) return { caller, key, hasToken: true };
    const refused = caller.expired ? "expired_token" : "invalid_token";
    return { refused, reason: caller.reason };
  }
  if (key === null) return { refused: "no_key" };
  return { caller: key === "secret" ? serviceRole : anonymous, key, hasToken: false };
}

async function ofToken(token: string, tokens: Tokens): Promise<Caller | TokenRefused> {
  try {
    return await tokens.verify(token);
  } catch (error) {
    if (error instanceof TokenRefused) return error;
    throw error;
  }
}

/** The keys of older projects are tokens of roles `anon` and `service_role`. */
function kindOfLegacy(key: Caller | TokenRefused | null): "publishable" | "secret" | undefined {
  if (key === null || key instanceof TokenRefused) return undefined;
  return key.role === "service_role" ? "secret" : "publishable";
}

function bearerOf(authorization: string | null): string | null {
  const match = authorization?.match(/^bearer\s+(.+)$/i);
  return match?.[1]?.trim() ?? null;
}

function kindOf(given: string, keys: ApiKeys): "publishable" | "secret" | undefined {
  if (same(given, keys.publishableKey)) return "publishable";
  if (same(given, keys.secretKey)) return "secret";
  return undefined;
}

/** Takes as long wherever two secrets differ. */
export function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

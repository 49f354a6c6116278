import { decodeJwt, decodeProtectedHeader, errors, importJWK, type JWK, jwtVerify } from "jose";
import { same } from "../auth/tokens.ts";

/** On whose behalf a channel reads and writes. */
export interface Identity {
  /** A role of the database. */
  role: string;
  /** The claims as JSON, as policies read them. */
  claims: string;
  /** Milliseconds since 1970; null for API keys, which do not expire. */
  expiresAt: number | null;
}

/** Why a token was refused: a code and a sentence, both as on hosted. */
export class TokenError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Identities = Awaited<ReturnType<typeof createIdentities>>;

export interface RealtimeKeys {
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
  /** ES256, with `kid`. */
  signingKey: JWK;
}

/**
 * Tokens signed with ES256 (what Auth hands out) and, as on hosted, with HS256 and the JWT secret.
 * @param isUsableRole whether the API may act in a role: only such roles are taken from a token
 */
export async function createIdentities(
  keys: RealtimeKeys,
  isUsableRole: (role: string) => Promise<boolean>,
) {
  const { kty, crv, x, y, kid } = keys.signingKey;
  const publicKey = await importJWK({ kty, crv, x, y }, "ES256");
  const secret = new TextEncoder().encode(keys.jwtSecret);

  /** @throws TokenError */
  async function ofToken(token: string): Promise<Identity> {
    const header = headerOf(token);
    const isOwn = header.alg === "ES256" && header.kid === kid;
    if (!isOwn && header.alg !== "HS256") {
      throw new TokenError(
        "JwtSignerError",
        "Failed to generate JWT signer, check your JWT secret or JWKS configuration",
      );
    }
    const { payload } = await (isOwn
      ? jwtVerify(token, publicKey, { algorithms: ["ES256"] })
      : jwtVerify(token, secret, { algorithms: ["HS256"] })
    ).catch((error: unknown) => {
      throw refusalOf(error);
    });
    const { role, exp } = payload;
    if (typeof role !== "string" || typeof exp !== "number") {
      throw new TokenError("InvalidJWTToken", "Fields `role` and `exp` are required in JWT");
    }
    if (!(await isUsableRole(role))) {
      throw new TokenError("Unauthorized", `The role "${role}" cannot be used by the API`);
    }
    return { role, claims: JSON.stringify(payload), expiresAt: exp * 1000 };
  }

  return {
    ofToken,
    /** Who an API key stands for, or null. A token in its place is taken too. */
    async ofKey(key: string): Promise<Identity | null> {
      if (same(key, keys.publishableKey)) return ofRole("anon");
      if (same(key, keys.secretKey)) return ofRole("service_role");
      return key.startsWith("sb_") ? null : await ofToken(key).catch(() => null);
    },
  };
}

function ofRole(role: string): Identity {
  return { role, claims: JSON.stringify({ role }), expiresAt: null };
}

function headerOf(token: string) {
  try {
    decodeJwt(token);
    return decodeProtectedHeader(token);
  } catch {
    throw new TokenError("MalformedJWT", "The token provided is not a valid JWT");
  }
}

function refusalOf(error: unknown): TokenError {
  if (error instanceof errors.JWTExpired) {
    const seconds = Math.max(0, Math.floor(Date.now() / 1000) - (error.payload.exp ?? 0));
    return new TokenError("InvalidJWTToken", `Token has expired ${seconds} seconds ago`);
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new TokenError("InvalidJWTToken", error.message);
  }
  return new TokenError("JwtSignatureError", "Failed to validate JWT signature");
}

import { errors } from "jose";
import { createVerifier, same } from "../auth/tokens.ts";
import type { ServiceKeys } from "../keys.ts";

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

/**
 * Tokens signed with ES256 (what Auth hands out) and, as on hosted, with HS256 and the JWT secret.
 * @param isUsableRole whether the API may act in a role: only such roles are taken from a token
 */
export async function createIdentities(
  keys: ServiceKeys,
  isUsableRole: (role: string) => Promise<boolean>,
) {
  const verify = await createVerifier(keys);

  /** @throws TokenError */
  async function ofToken(token: string): Promise<Identity> {
    const payload = await verify(token).catch((error: unknown) => {
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

function refusalOf(error: unknown): TokenError {
  if (error instanceof errors.JWTExpired) {
    const seconds = Math.max(0, Math.floor(Date.now() / 1000) - (error.payload.exp ?? 0));
    return new TokenError("InvalidJWTToken", `Token has expired ${seconds} seconds ago`);
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return new TokenError("MalformedJWT", "The token provided is not a valid JWT");
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return new TokenError(
      "JwtSignerError",
      "Failed to generate JWT signer, check your JWT secret or JWKS configuration",
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new TokenError("InvalidJWTToken", error.message);
  }
  return new TokenError("JwtSignatureError", "Failed to validate JWT signature");
}

import { createHmac } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { invalidJwt, invalidSignature } from "./errors.ts";

const downloadClaims = z.object({ url: z.string(), exp: z.number() });
const uploadClaims = downloadClaims.extend({ upsert: z.boolean(), owner: z.string().nullish() });

/** What a signed upload lets its holder do: write this one object, as this owner. */
export interface UploadGrant {
  owner: string | null;
  upsert: boolean;
}

export type SignedTokens = ReturnType<typeof createTokens>;

/**
 * JWTs that open one object (`url` is `bucket/name`) to whoever holds them.
 * The key is derived from the secret, and each kind has its audience: a link for reading can
 * neither write nor be presented as an access token signed with the same secret.
 */
export function createTokens(signingSecret: string) {
  const key = createHmac("sha256", signingSecret).update("storage signed urls").digest();

  const sign = (audience: string, claims: Record<string, unknown>, expiresInSeconds: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .setAudience(audience)
      .setIssuedAt()
      // Rounded up: a link lasts at least as long as asked for.
      .setExpirationTime(Math.ceil(Date.now() / 1000) + expiresInSeconds)
      .sign(key);

  async function verify<Claims extends { url: string }>(
    audience: string,
    token: string,
    url: string,
    schema: z.ZodType<Claims>,
  ): Promise<Claims> {
    const { payload } = await jwtVerify(token, key, { audience, algorithms: ["HS256"] }).catch(
      (error: unknown) => {
        throw error instanceof errors.JOSEError ? invalidJwt(error.message) : error;
      },
    );
    const claims = schema.safeParse(payload);
    if (!claims.success) throw invalidJwt("Invalid JWT");
    if (claims.data.url !== url) throw invalidSignature();
    return claims.data;
  }

  return {
    signDownload: (url: string, seconds: number) => sign("storage:download", { url }, seconds),
    /** Returns when the token ends. */
    async verifyDownload(token: string, url: string): Promise<Date> {
      const { exp } = await verify("storage:download", token, url, downloadClaims);
      return new Date(exp * 1000);
    },
    signUpload: (url: string, grant: UploadGrant, seconds: number) =>
      sign("storage:upload", { url, ...grant }, seconds),
    async verifyUpload(token: string, url: string): Promise<UploadGrant> {
      const { owner, upsert } = await verify("storage:upload", token, url, uploadClaims);
      return { owner: owner ?? null, upsert };
    },
  };
}

import { createHash, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { systemCode } from "./stack-error.ts";

const keysSchema = z.object({
  publishableKey: z.string().startsWith("sb_publishable_"),
  secretKey: z.string().startsWith("sb_secret_"),
  jwtSecret: z.string().min(32),
  /** ES256 private key as a JWK; its public half is what `/auth/v1/.well-known/jwks.json` shows. */
  signingKey: z.object({
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    x: z.string(),
    y: z.string(),
    d: z.string(),
    kid: z.string(),
    alg: z.literal("ES256"),
    use: z.literal("sig"),
  }),
  /** Password of the superuser `supabase_admin`. */
  adminPassword: z.string().min(16),
  /** Password of role `postgres`. A published one would let in every account of the machine. */
  postgresPassword: z.string().min(16),
});

export type Keys = z.infer<typeof keysSchema>;

/** Without the passwords of the database. */
export type ServiceKeys = Omit<Keys, "adminPassword" | "postgresPassword">;

/** Reads `<directory>/keys.json`, or makes it (mode 0600) the first time. */
export async function loadKeys(directory: string): Promise<Keys> {
  const file = path.join(directory, "keys.json");
  try {
    const found = keysSchema.partial().parse(JSON.parse(await readFile(file, "utf8")));
    const whole = keysSchema.safeParse(found);
    if (whole.success) return whole.data;
    // Made before there were all of these keys.
    return await keep(file, { ...generateKeys(), ...found });
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
  return await keep(file, generateKeys());
}

async function keep(file: string, keys: Keys): Promise<Keys> {
  // Written aside and renamed, so that a crash never leaves half a file.
  await writeFile(`${file}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return keys;
}

export function generateKeys(): Keys {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return keysSchema.parse({
    publishableKey: apiKey("publishable"),
    secretKey: apiKey("secret"),
    jwtSecret: randomBytes(32).toString("hex"),
    signingKey: {
      ...privateKey.export({ format: "jwk" }),
      kid: randomUUID(),
      alg: "ES256",
      use: "sig",
    },
    adminPassword: randomBytes(18).toString("base64url"),
    postgresPassword: randomBytes(18).toString("base64url"),
  });
}

/** An API key as self-hosted Supabase makes them: 22 random characters and an 8-character check. */
function apiKey(kind: "publishable" | "secret"): string {
  const body = `sb_${kind}_${randomBytes(17).toString("base64url").slice(0, 22)}`;
  const check = createHash("sha256").update(`supabase-self-hosted|${body}`).digest("base64url");
  return `${body}_${check.slice(0, 8)}`;
}

import { timingSafeEqual } from "node:crypto";
import { anonymous, type Caller, serviceRole } from "../caller.ts";
import { TokenRefused, type Tokens } from "./tokens.ts";

/** Who is calling, or why that cannot be said. */
export type Resolution =
  | { caller: Caller; key: "publishable" | "secret" | null; hasToken: boolean }
  | { refused: "no_key" | "invalid_key" | "invalid_token" | "expired_token"; reason?: string };

export interface ApiKeys {
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

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

import { verifyAuth } from "@supabase/server/core";
import { z } from "zod";
import type { Env } from "../env.ts";
import { HttpError } from "./responses.ts";

/** Who calls: a signed-in user, or the project itself with its secret key. */
export type Caller = { kind: "user"; userId: string; token: string } | { kind: "service" };

/** Finds out who calls a function. Throws HttpError `unauthorized`. */
export type Authenticate = (request: Request) => Promise<Caller>;

/** Who may call a function. */
export type Accepted = readonly ["user", "secret"] | readonly ["secret"] | readonly ["user"];

type Jwks = NonNullable<Env["supabase"]["jwks"]>;

/**
 * Authentication as the platform does it: users by their access token, verified against the
 * project's public keys; the service by the secret key in header `apikey`.
 */
export function createAuthenticate(supabase: Env["supabase"], accepted: Accepted): Authenticate {
  const env = {
    url: supabase.url,
    publishableKeys: supabase.publishableKeys,
    secretKeys: supabase.secretKeys,
    ...(supabase.jwks ? { jwks: supabase.jwks satisfies Jwks } : {}),
  };
  return async (request) => {
    const { data, error } = await verifyAuth(request, { auth: [...accepted], env });
    if (error) {
      if (error.status >= 500) {
        throw new HttpError("misconfigured", "The function cannot check who is calling it.");
      }
      throw new HttpError("unauthorized", "This needs a valid sign-in or secret key.");
    }
    if (data.authMode === "secret") return { kind: "service" };
    const user = z.object({ id: z.guid() }).safeParse(data.userClaims);
    if (!user.success || data.token === null) {
      throw new HttpError("unauthorized", "The access token names no user.");
    }
    return { kind: "user", userId: user.data.id, token: data.token };
  };
}

import { App, InMemoryEmailDriver } from "@supabase/lite";
import type { Caller } from "../caller.ts";
import { PooledConnection } from "../data-api/pooled-connection.ts";
import type { Sql } from "../sql/sql.ts";
import { createAdminApi } from "./admin.ts";
import { reissueAnswer, reissueRedirect } from "./reissue.ts";
import type { Tokens } from "./tokens.ts";

export interface Auth {
  /**
   * Serves a request under `/auth/v1`, its whole path kept.
   * @param hasToken whether the caller showed a user's token, not just an API key
   */
  fetch(request: Request, caller: Caller, hasToken: boolean): Promise<Response>;
  stop(): Promise<void>;
}

/** Paths that the browser, a mail program or a token verifier opens without an API key. */
export const openAuthPaths = new Set([
  "/auth/v1/verify",
  "/auth/v1/callback",
  "/auth/v1/authorize",
  "/auth/v1/.well-known/jwks.json",
  "/auth/v1/.well-known/openid-configuration",
]);

/**
 * Sign-up without confirmation, password sign-in, refresh, sign-out and user updates by
 * `@supabase/lite`. Its HS256 tokens never leave this folder: clients get and send ES256 ones.
 * @param options.sql as supabase_admin, for the admin API
 * @param options.dbUrl as postgres
 * @param options.issuer `<apiUrl>/auth/v1`
 */
export function createAuth(options: {
  sql: Sql;
  dbUrl: string;
  jwtSecret: string;
  issuer: () => string;
  tokens: Tokens;
}): Auth {
  const { tokens, issuer } = options;
  const connection = new PooledConnection({ url: options.dbUrl, name: "auth", max: 5 });
  const app = new App({
    connection,
    api: { enabled: false },
    auth: {
      enabled: true,
      jwt_secret: options.jwtSecret,
      jwt_expiry: 3600,
      enable_signup: true,
      enable_refresh_token_rotation: true,
      minimum_password_length: 6,
      site_url: "http://127.0.0.1:3000",
      email: { enable_signup: true, enable_confirmations: false, double_confirm_changes: false },
    },
    storage: { enabled: false },
    studio: { enabled: false },
    db: { migrations: { enabled: false } },
    options: {
      server: { apiKeys: false, disableStudio: true, disableFallback: true },
      drivers: { email: new InMemoryEmailDriver() },
    },
  });
  const admin = createAdminApi(options.sql);

  return {
    async fetch(request, caller, hasToken) {
      const { pathname } = new URL(request.url);
      if (pathname === "/auth/v1/.well-known/jwks.json") return json(tokens.jwks);
      if (pathname === "/auth/v1/.well-known/openid-configuration") {
        return json({ issuer: issuer(), jwks_uri: `${issuer()}/.well-known/jwks.json` });
      }
      if (pathname.startsWith("/auth/v1/admin/")) return await admin(request, caller);
      const inner = await innerRequest(request, hasToken ? await tokens.toInner(caller) : null);
      const answer = await app.fetch(inner);
      const redirected = await reissueRedirect(answer, options.sql, tokens);
      return redirected ?? (await reissueAnswer(answer, options.sql, tokens));
    },
    stop: () => connection.close(),
  };
}

async function innerRequest(request: Request, token: string | null): Promise<Request> {
  const headers = new Headers(request.headers);
  headers.delete("apikey");
  headers.delete("authorization");
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const body = request.body === null ? undefined : await request.arrayBuffer();
  return new Request(request.url, { method: request.method, headers, body, redirect: "manual" });
}

function json(body: unknown): Response {
  return Response.json(body, { headers: { "cache-control": "public, max-age=600" } });
}

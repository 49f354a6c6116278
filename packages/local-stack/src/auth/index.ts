import { App } from "@supabase/lite";
import { z } from "zod";
import type { Caller } from "../caller.ts";
import type { AuthSettings } from "../config/settings.ts";
import { PooledConnection } from "../data-api/pooled-connection.ts";
import type { Sql } from "../sql/sql.ts";
import { createAdminApi, requireAdmin } from "./admin.ts";
import { signUpAnonymously, takeAddress } from "./anonymous.ts";
import { finishAnswer } from "./finish-answer.ts";
import type { Inbox } from "./inbox.ts";
import { generateLink, invite, inviteBody, linkBody } from "./links.ts";
import { createPost, redirectOf } from "./mail.ts";
import { refuseWhatIsNotHere } from "./not-here.ts";
import { AuthRefusal } from "./refusal.ts";
import type { Tokens } from "./tokens.ts";
import { findUser } from "./users.ts";
import { verificationBody, verificationType } from "./verification.ts";

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

/** What a request says, taken apart: the library may get another path or body than was sent. */
interface Ask {
  request: Request;
  method: string;
  /** Below `/auth/v1`. */
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  caller: Caller;
  hasToken: boolean;
}

/**
 * Sign-up, password sign-in, codes and links by mail, refresh, sign-out and user updates by
 * `@supabase/lite`; anonymous users, invitations, links and the admin API are ours. The library's
 * HS256 tokens never leave this folder: clients get and send ES256 ones.
 * @param options.sql as supabase_admin
 * @param options.dbUrl as postgres
 * @param options.issuer `<apiUrl>/auth/v1`
 * @param options.inbox gets all mails
 */
export function createAuth(options: {
  sql: Sql;
  dbUrl: string;
  jwtSecret: string;
  issuer: () => string;
  tokens: Tokens;
  settings: AuthSettings;
  inbox: Inbox;
}): Auth {
  const { sql, tokens, issuer, settings } = options;
  const connection = new PooledConnection({ url: options.dbUrl, name: "auth", max: 5 });
  const post = createPost(options.inbox, issuer, settings);
  const app = new App({
    connection,
    api: { enabled: false },
    auth: { enabled: true, jwt_secret: options.jwtSecret, ...settings },
    storage: { enabled: false },
    studio: { enabled: false },
    db: { migrations: { enabled: false } },
    options: {
      server: { apiKeys: false, disableStudio: true, disableFallback: true },
      drivers: { email: post },
    },
  });
  const admin = createAdminApi(sql, settings.minimum_password_length);
  const links = { sql, settings, issuer, post };

  /** What is ours to answer; null leaves it to the library. */
  async function answer({ request, method, path, query, body, caller }: Ask) {
    if (path === "/.well-known/jwks.json") return keep(tokens.jwks);
    if (path === "/.well-known/openid-configuration") {
      return keep({ issuer: issuer(), jwks_uri: `${issuer()}/.well-known/jwks.json` });
    }
    if (path === "/admin/generate_link" && method === "POST") {
      requireAdmin(caller);
      return Response.json(await generateLink(links, check(linkBody, body)));
    }
    if (path === "/invite" && method === "POST") {
      requireAdmin(caller);
      return Response.json(await invite(links, check(inviteBody, body), query.get("redirect_to")));
    }
    return path.startsWith("/admin/") ? await admin(request, caller) : null;
  }

  /** What the library is asked, where that differs from what came. */
  async function translated(ask: Ask): Promise<Ask> {
    const { method, path, query, body, caller } = ask;
    if (method === "POST" && path === "/signup" && !body.email && !body.phone) {
      const data = z.record(z.string(), z.unknown()).catch({}).parse(body.data);
      const refresh_token = await signUpAnonymously(sql, settings, data);
      const refresh = new URLSearchParams({ grant_type: "refresh_token" });
      return { ...ask, path: "/token", query: refresh, body: { refresh_token } };
    }
    if (path === "/verify" && method === "POST") {
      return { ...ask, body: await verificationBody(sql, body) };
    }
    if (path === "/verify") {
      const type = await verificationType(sql, query.get("type"), query.get("token") ?? "");
      return { ...ask, query: new URLSearchParams({ ...Object.fromEntries(query), type }) };
    }
    const { email, ...rest } = body;
    if (path !== "/user" || method !== "PUT" || typeof email !== "string") return ask;
    if (settings.email.enable_confirmations || caller.userId === null) return ask;
    return (await takeAddress(sql, caller.userId, email)) ? { ...ask, body: rest } : ask;
  }

  async function serve(request: Request, caller: Caller, hasToken: boolean): Promise<Response> {
    const ask = await take(request, caller, hasToken);
    refuseWhatIsNotHere(ask.path, ask.body);
    const own = await answer(ask);
    if (own !== null) return own;
    await requireUser(sql, ask);
    const inner = innerRequest(
      await translated(ask),
      hasToken ? await tokens.toInner(caller) : null,
    );
    const redirectTo = redirectOf(ask.query.get("redirect_to"), settings);
    const answered = await post.during(redirectTo, async () => app.fetch(inner));
    return await finishAnswer(answered, { sql, tokens, isVerification: ask.path === "/verify" });
  }

  return {
    async fetch(request, caller, hasToken) {
      try {
        return await serve(request, caller, hasToken);
      } catch (error) {
        if (error instanceof AuthRefusal) return error.toResponse();
        throw error;
      }
    },
    stop: () => connection.close(),
  };
}

async function take(request: Request, caller: Caller, hasToken: boolean): Promise<Ask> {
  const { pathname, searchParams: query } = new URL(request.url);
  const path = pathname.slice("/auth/v1".length);
  const asked = { request, method: request.method, path, query, caller, hasToken };
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
async function requireUser(sql: Sql, { path, caller, hasToken }: Ask): Promise<void> {
  if (!hasToken || !/^\/(user|logout|reauthenticate)(\/|$)/.test(path)) return;
  if (caller.userId === null) {
    throw new AuthRefusal(403, "bad_jwt", "invalid claim: missing sub claim");
  }
  if ((await findUser(sql, caller.userId)) !== null) return;
  const message = "User from sub claim in JWT does not exist";
  throw new AuthRefusal(403, "user_not_found", message);
}

function innerRequest({ request, method, path, query, body }: Ask, token: string | null): Request {
  const headers = new Headers(request.headers);
  for (const name of ["apikey", "authorization", "content-length"]) headers.delete(name);
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const url = Object.assign(new URL(request.url), {
    pathname: `/auth/v1${path}`,
    search: query.toString(),
  });
  const hasBody = method !== "GET" && method !== "HEAD" && Object.keys(body).length > 0;
  if (hasBody) headers.set("content-type", "application/json");
  const sent = hasBody ? JSON.stringify(body) : undefined;
  return new Request(url, { method, headers, body: sent, redirect: "manual" });
}

function check<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(body);
  if (data !== undefined) return data;
  throw new AuthRefusal(400, "validation_failed", error?.issues[0]?.message ?? "Invalid body");
}

function keep(body: unknown): Response {
  return Response.json(body, { headers: { "cache-control": "public, max-age=600" } });
}

import { App } from "@supabase/lite";
import pg from "pg";
import { z } from "zod";
import type { AuthSettings } from "../config/settings.ts";
import type { Sql } from "../sql/sql.ts";
import { createAdminApi, requireAdmin } from "./admin.ts";
import { methodOf } from "./amr.ts";
import {
  type Ask,
  type Asker,
  check,
  innerRequest,
  refuseWhatIsNotHere,
  requireGrant,
  requireUser,
  take,
} from "./ask.ts";
import { answerAgain, hideUnconfirmed } from "./confirmation.ts";
import { PooledConnection } from "./connection.ts";
import { finishAnswer } from "./finish-answer.ts";
import type { Inbox } from "./inbox.ts";
import {
  generateLink,
  invite,
  inviteBody,
  linkBody,
  verificationBody,
  verificationType,
} from "./links.ts";
import { createPost, redirectOf } from "./mail.ts";
import { challengeOf, createFlows, withoutMark } from "./pkce.ts";
import { limitByAddress } from "./rate-limit.ts";
import { AuthRefusal, authError } from "./refusal.ts";
import type { Tokens } from "./tokens.ts";
import { endOtherSessions, requireAddress, signUpAnonymously, takeAddress } from "./users.ts";

/** Paths that the browser, a mail program or a token verifier opens without an API key. */
export const openAuthPaths = new Set([
  "/auth/v1/verify",
  "/auth/v1/callback",
  "/auth/v1/authorize",
  "/auth/v1/.well-known/jwks.json",
  "/auth/v1/.well-known/openid-configuration",
]);

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
  log(line: string): void;
}) {
  const { sql, tokens, issuer, settings } = options;
  // The library waits for ever with a limit that is not its own.
  const { rate_limit: rateLimit, ...known } = settings;
  const connection = new PooledConnection(options.dbUrl);
  const post = createPost(options.inbox, issuer, settings);
  const app = new App({
    connection,
    api: { enabled: false },
    auth: { enabled: true, jwt_secret: options.jwtSecret, ...known },
    storage: { enabled: false },
    studio: { enabled: false },
    db: { migrations: { enabled: false } },
    options: {
      server: { apiKeys: false, disableStudio: true, disableFallback: true },
      drivers: { email: post },
    },
  });
  const admin = createAdminApi(sql, settings.minimum_password_length);
  const flows = createFlows();
  const limitAnonymous = limitByAddress(rateLimit.anonymous_users);
  const links = { sql, settings, issuer, post };

  /** What is ours to answer; null leaves it to the library. */
  async function answer({ request, method, path, query, body, caller }: Ask) {
    if (path === "/.well-known/jwks.json") return keep(tokens.jwks);
    if (path === "/.well-known/openid-configuration") {
      return keep({ issuer: issuer(), jwks_uri: `${issuer()}/.well-known/jwks.json` });
    }
    if (path === "/admin/generate_link" && method === "POST") {
      requireAdmin(caller);
      const asked = { redirect_to: query.get("redirect_to"), ...body };
      return Response.json(await generateLink(links, check(linkBody, asked)));
    }
    if (path === "/invite" && method === "POST") {
      requireAdmin(caller);
      return Response.json(await invite(links, check(inviteBody, body), query.get("redirect_to")));
    }
    return path.startsWith("/admin/") ? await admin(request, caller) : null;
  }

  /** What the library is asked, where that differs from what came. */
  async function translated(ask: Ask): Promise<Ask> {
    const { method, path, query, body, caller, address } = ask;
    if (method === "POST" && path === "/signup" && !body.email && !body.phone) {
      const data = z.record(z.string(), z.unknown()).catch({}).parse(body.data);
      if (settings.enable_anonymous_sign_ins) limitAnonymous(address);
      const refresh_token = await signUpAnonymously(sql, settings, data);
      const refresh = new URLSearchParams({ grant_type: "refresh_token" });
      return { ...ask, path: "/token", query: refresh, body: { refresh_token } };
    }
    if (path === "/token" && query.get("grant_type") === "pkce") {
      const refresh_token = flows.redeem(body.auth_code, body.code_verifier);
      const refresh = new URLSearchParams({ grant_type: "refresh_token" });
      return { ...ask, query: refresh, body: { refresh_token } };
    }
    if (path === "/verify" && method === "POST") {
      return { ...ask, body: await verificationBody(sql, body) };
    }
    if (path === "/verify") {
      const token = withoutMark(query.get("token") ?? "");
      const type = await verificationType(sql, query.get("type"), token);
      return { ...ask, query: new URLSearchParams({ ...Object.fromEntries(query), token, type }) };
    }
    const { email, ...rest } = body;
    if (path !== "/user" || method !== "PUT" || typeof email !== "string") return ask;
    if (settings.email.enable_confirmations || caller.userId === null) return ask;
    return (await takeAddress(sql, caller.userId, email)) ? { ...ask, body: rest } : ask;
  }

  async function serve(request: Request, asker: Asker): Promise<Response> {
    const ask = await take(request, asker);
    refuseWhatIsNotHere(ask);
    requireGrant(ask);
    const own = await answer(ask);
    if (own !== null) return own;
    await requireUser(sql, ask);
    await requireAddress(sql, ask);
    const inner = innerRequest(
      await translated(ask),
      ask.hasToken ? await tokens.toInner(ask.caller) : null,
    );
    const redirectTo = redirectOf(ask.query.get("redirect_to"), settings);
    const challenge = challengeOf(ask.body);
    const mark = (token: string) => (challenge === null ? token : flows.mark(token, challenge));
    const answered = await post.during(redirectTo, mark, async () => {
      const again = await answerAgain(links, ask);
      return again ?? (await hideUnconfirmed(links, ask, await app.fetch(inner)));
    });
    if (answered.status === 500) return failure(request);
    if (answered.ok && ask.path === "/user" && ask.method === "PUT" && ask.body.password) {
      await endOtherSessions(sql, ask.caller);
    }
    const isVerification = ask.path === "/verify";
    const isCode = isVerification && ask.method === "POST" && ask.body.token !== undefined;
    const link = isVerification ? (ask.query.get("token") ?? "") : "";
    const how = { sql, tokens, flows, link, method: methodOf(ask), isVerification, isCode };
    return await finishAnswer(answered, how);
  }

  return {
    /** Serves a request under `/auth/v1`, its whole path kept. */
    async fetch(request: Request, asker: Asker): Promise<Response> {
      try {
        return await serve(request, asker);
      } catch (error) {
        if (error instanceof AuthRefusal) return error.toResponse();
        if (!(error instanceof pg.DatabaseError)) throw error;
        options.log(`auth: ${error.message}`);
        return failure(request);
      }
    },
    stop: () => connection.close(),
  };
}

/** What Auth says when the database refuses, most often a project's own trigger on `auth.users`. */
function failure({ method, url }: Request): Response {
  const path = new URL(url).pathname.slice("/auth/v1".length);
  const doing = path.startsWith("/admin/users")
    ? { POST: "creating new user", PUT: "updating user", DELETE: "deleting user" }[method]
    : /^\/(signup|otp|magiclink|invite|admin\/generate_link)$/.test(path)
      ? "saving new user"
      : undefined;
  const general = "Unexpected failure, please check server logs for more information";
  return authError(
    500,
    "unexpected_failure",
    doing === undefined ? general : `Database error ${doing}`,
  );
}

function keep(body: unknown): Response {
  return Response.json(body, { headers: { "cache-control": "public, max-age=600" } });
}

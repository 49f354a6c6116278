import type { Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { createInbox } from "./auth/inbox.ts";
import { createAuth, openAuthPaths } from "./auth/index.ts";
import { createTokens, type Resolution, resolveCaller } from "./auth/tokens.ts";
import { type Caller, nobody, usableRoles } from "./caller.ts";
import { defaultSettings, type Settings } from "./config/settings.ts";
import { createDataApi } from "./data-api/index.ts";
import type { FunctionsHost } from "./functions/index.ts";
import type { ServiceKeys } from "./keys.ts";
import { listen } from "./ports.ts";
import type { Realtime } from "./realtime/index.ts";
import { answerPreflight, type Door, isOpenStoragePath, refuse, withCors } from "./refusals.ts";
import type { Sql } from "./sql/sql.ts";

/** Serves one door below its prefix (`/storage/v1` already taken off), for a verified caller. */
export interface CallerService {
  fetch(request: Request, caller: Caller): Promise<Response>;
}

export interface GatewayOptions {
  /** 0 takes any free port. */
  port: number;
  /** As supabase_admin. */
  sql: Sql;
  /** As postgres. */
  dbUrl: string;
  keys: ServiceKeys;
  storage: CallerService;
  functions: FunctionsHost;
  /** Of `supabase/config.toml`. */
  settings?: Settings;
  /** Checks keys and tokens itself. */
  realtime: Pick<Realtime, "fetch" | "handleUpgrade">;
  onLog?(line: string): void;
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>;

/**
 * The one port of the stack: checks API keys and tokens, answers CORS, and hands each request to
 * the service behind its door. Bodies are streams in both directions.
 * @throws StackError `port_in_use`
 */
export async function startGateway(options: GatewayOptions) {
  const { keys, sql, dbUrl, storage, functions, settings = defaultSettings } = options;
  const log = options.onLog ?? (() => {});
  const app = new Hono<{ Bindings: HttpBindings }>();
  const server = createAdaptorServer({
    fetch: app.fetch,
    hostname: "127.0.0.1",
    overrideGlobalObjects: false,
    // A large upload over a slow line takes longer than Node's five minutes for a whole request.
    serverOptions: { requestTimeout: 0, keepAliveTimeout: 65_000 },
  }) as Server;
  // The port is known only once it listens, and it listens only once everything behind it is there.
  let url = "";
  const issuer = () => `${url}/auth/v1`;
  const tokens = await createTokens({ ...keys, sql, issuer, isUsableRole: usableRoles(sql) });
  const inbox = createInbox();
  const auth = createAuth({
    sql,
    dbUrl,
    jwtSecret: keys.jwtSecret,
    issuer,
    tokens,
    settings: settings.auth,
    inbox,
    log,
  });
  const { schemas, extra_search_path: extraSearchPath, max_rows: maxRows } = settings.api;
  const dataApi = await createDataApi({ sql, dbUrl, schemas, extraSearchPath, maxRows });

  /** Answers with `serve` when the caller may pass the door. */
  async function guarded(
    request: Request,
    door: Door,
    isOpen: boolean,
    serve: (caller: Caller, hasToken: boolean) => Promise<Response>,
  ): Promise<Response> {
    if (request.method === "OPTIONS") return answerPreflight(request);
    const resolved = await resolveCaller(request, keys, tokens);
    return withCors(await admit(resolved, door, isOpen, serve));
  }

  app.get("/", (context) => context.json({ name: "sideline-local-stack", status: "ok" }));
  app.get("/health", (context) => context.json({ status: "ok" }));
  app.all("/inbox/*", ({ req }) => readInbox(req.raw));
  app.all("/inbox", ({ req }) => readInbox(req.raw));
  app.all("/rest/v1/*", ({ req }) =>
    guarded(req.raw, "rest", false, (caller) => dataApi.fetch(req.raw, caller)),
  );
  app.all("/auth/v1/*", ({ req, env }) =>
    guarded(req.raw, "auth", openAuthPaths.has(req.path), (caller, hasToken) => {
      const address = env.incoming.socket.remoteAddress ?? "";
      return auth.fetch(req.raw, { caller, hasToken, address });
    }),
  );
  app.all("/storage/v1/*", ({ req }) =>
    guarded(req.raw, "storage", isOpenStoragePath(req.method, req.path), (caller) =>
      storage.fetch(below(req.raw, "/storage/v1"), caller),
    ),
  );
  app.all("/functions/v1/:name{[^/]+}/*", ({ req }) => callFunction(req.raw, req.param("name")));
  app.all("/functions/v1/:name{[^/]+}", ({ req }) => callFunction(req.raw, req.param("name")));
  app.all("/realtime/v1/*", async ({ req }) =>
    req.method === "OPTIONS"
      ? answerPreflight(req.raw)
      : withCors(await options.realtime.fetch(req.raw)),
  );
  app.notFound((context) =>
    withCors(context.json({ message: "no Route matched with those values" }, 404)),
  );
  app.onError((error) => {
    log(`gateway: ${error.stack ?? error.message}`);
    return withCors(Response.json({ message: "An unexpected error occurred" }, { status: 500 }));
  });

  /** Whoever reads a mail can sign in by it, and other accounts of the machine can ask here too. */
  async function readInbox(request: Request): Promise<Response> {
    const resolved = await resolveCaller(request, keys, tokens);
    if (!("refused" in resolved) && resolved.key === "secret") return await inbox.fetch(request);
    const message = "The inbox asks for the secret key, as header apikey or as /inbox?apikey=…";
    return Response.json({ message }, { status: 401 });
  }

  /** A function answers CORS itself, preflight included; only refusals are given its headers. */
  async function callFunction(request: Request, name: string): Promise<Response> {
    if (request.method !== "OPTIONS" && (await functions.verifiesJwt(name))) {
      const resolved = await resolveCaller(request, keys, tokens);
      const refused =
        "refused" in resolved ? resolved.refused : resolved.hasToken ? null : "no_token";
      if (refused !== null) return withCors(refuse("functions", refused));
    }
    return await functions.fetch(below(request, "/functions/v1"), name);
  }

  server.on("upgrade", options.realtime.handleUpgrade);

  let port: number;
  try {
    port = await listen(server, options.port, "--port");
  } catch (error) {
    await Promise.all([auth.stop(), dataApi.stop()]);
    throw error;
  }
  url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    async stop(): Promise<void> {
      await close(server);
      await Promise.all([auth.stop(), dataApi.stop()]);
    },
  };
}

async function admit(
  resolved: Resolution,
  door: Door,
  isOpen: boolean,
  serve: (caller: Caller, hasToken: boolean) => Promise<Response>,
): Promise<Response> {
  if ("refused" in resolved) {
    // A link that was opened in a browser carries its own signature; a token beside it says nothing.
    if (resolved.refused !== "invalid_key" && isOpen) return await serve(nobody, false);
    return refuse(door, resolved.refused, resolved);
  }
  // Storage takes a user's token alone, as on hosted: upload libraries send nothing else.
  if (resolved.key === null && door !== "storage" && !isOpen) return refuse(door, "no_key");
  return await serve(resolved.caller, resolved.hasToken);
}

/** The same request with `prefix` taken off its path, its body still unread. */
function below(request: Request, prefix: string): Request {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(prefix.length);
  const { method, headers, body, signal } = request;
  const init: RequestInit & { duplex: "half" } = { method, headers, body, signal, duplex: "half" };
  return new Request(url, init);
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const grace = setTimeout(() => server.closeAllConnections(), 2_000);
  await closed;
  clearTimeout(grace);
}

import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { defaultSettings } from "./config/settings.ts";
import type { FunctionsHost } from "./functions/index.ts";
import { type CallerService, type GatewayOptions, startGateway } from "./gateway.ts";
import { loadKeys } from "./keys.ts";
import { openSql } from "./sql/sql.ts";
import { createStorage } from "./storage/index.ts";

/** A user of a test, signed in. */
export interface TestUser {
  client: SupabaseClient;
  id: string;
  email: string;
  password: string;
  token: string;
}

export type TestGateway = Awaited<ReturnType<typeof openTestGateway>>;

/** Exposed, where a test says nothing else. */
const schemas = ["public", "pipeline"];

const noRealtime: GatewayOptions["realtime"] = {
  fetch: async () => new Response(null, { status: 501 }),
  handleUpgrade: async (_, socket) => void socket.destroy(),
};

const noFunctions: FunctionsHost = {
  fetch: async () => new Response(null, { status: 404 }),
  verifiesJwt: async () => false,
  prewarm: async () => {},
  stop: async () => {},
};

/** Tells what reached it. */
const echoStorage: CallerService = {
  async fetch(request, caller) {
    const bytes = (await request.arrayBuffer()).byteLength;
    const { pathname } = new URL(request.url);
    return Response.json({ path: pathname, role: caller.role, userId: caller.userId, bytes });
  },
};

/**
 * A gateway of a test's own, over a database of its own with no product tables.
 * @param stack of `inject("stack")`: its Postgres server is used, its data is not touched
 */
export async function openTestGateway(
  stack: { adminDbUrl: string; dbUrl: string },
  {
    storesFiles = false,
    ...parts
  }: Partial<Pick<GatewayOptions, "functions" | "storage" | "realtime" | "settings">> & {
    /** Objects are really stored, and not only told of. */
    storesFiles?: boolean;
  } = {},
) {
  const name = `gateway_${randomUUID().replaceAll("-", "")}`;
  const maintenance = openSql(stack.adminDbUrl, { max: 1 });
  await maintenance.run(`create database ${name} template sideline_template owner postgres`);
  const inside = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const sql = openSql(inside(stack.adminDbUrl), { max: 4 });
  const directory = await mkdtemp(path.join(tmpdir(), "sideline-gateway-"));
  const keys = await loadKeys(directory);
  const dbUrl = inside(stack.dbUrl);
  const gateway = await startGateway({
    port: 0,
    sql,
    dbUrl,
    keys,
    storage: storesFiles
      ? createStorage({
          sql,
          directory: path.join(directory, "storage"),
          signingSecret: keys.jwtSecret,
        })
      : echoStorage,
    functions: noFunctions,
    realtime: noRealtime,
    settings: { ...defaultSettings, api: { ...defaultSettings.api, schemas } },
    ...parts,
  });
  const { url } = gateway;
  const open = (key: string) =>
    createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } });

  return {
    gateway,
    url,
    keys,
    /** As supabase_admin. */
    sql,
    /** As postgres, like a migration. */
    async migrate(statements: string): Promise<void> {
      const owner = openSql(dbUrl, { max: 1 });
      await owner.run(statements).finally(() => owner.end());
    },
    anon: () => open(keys.publishableKey),
    service: () => open(keys.secretKey),
    async user(): Promise<TestUser> {
      const client = open(keys.publishableKey);
      const email = `${randomUUID()}@example.com`;
      const password = "correct horse";
      const { data, error } = await client.auth.signUp({ email, password });
      if (error !== null || data.user === null || data.session === null) throw error;
      return { client, id: data.user.id, email, password, token: data.session.access_token };
    },
    async stop(): Promise<void> {
      await gateway.stop();
      await sql.end();
      await maintenance.run(`drop database if exists ${name} with (force)`);
      await maintenance.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

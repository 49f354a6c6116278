import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { olderKeys, publicJwks } from "./auth/tokens.ts";
import { readSettings } from "./config/settings.ts";
import type { Database } from "./database.ts";
import { type CallUsage, createFunctionsHost } from "./functions/index.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { guard } from "./guardian/guard.ts";
import type { Keys } from "./keys.ts";
import { startRealtime } from "./realtime/index.ts";
import { offlineEnvironment } from "./side-processes.ts";
import type { Sql } from "./sql/sql.ts";
import { createStorage } from "./storage/index.ts";

/** What of our own environment functions may see when real providers are used. */
const providerVariables = [
  "GEMINI_API_KEY",
  "GEMINI_BASE_URL",
  "GEMINI_MODEL",
  "TTS_API_KEY",
  "TTS_BASE_URL",
  "TTS_ENCODING",
  "SPEECH_PROVIDER",
  "GEMINI_TTS_MODEL",
  "GEMINI_TTS_VOICE",
];

/** Mail goes into the inbox unless our own environment says where else. */
const mailVariables = ["MAIL_PROVIDER", "MAIL_URL", "MAIL_KEY", "MAIL_FROM"];

/** Storage, Realtime, Edge Functions and the gateway in front of them, over a migrated database. */
export async function startServices(options: {
  directory: string;
  /** Folder that holds `supabase/`. */
  projectDirectory: string;
  port: number;
  keys: Keys;
  database: Database;
  /** The offline model and speech servers, or null when the environment names real ones. */
  providersUrl: string | null;
  functionsEnv: Record<string, string>;
  prewarm: boolean | readonly string[];
  onFunctionProcess(name: string, child: ChildProcess): void;
  onFunctionCall(name: string, usage: CallUsage): void;
  undo: AsyncDisposableStack;
  log(line: string): void;
}): Promise<Gateway> {
  const { keys, database, port, undo, log } = options;
  const { settings, unread } = await readSettings(
    path.join(options.projectDirectory, "supabase/config.toml"),
  );
  if (unread.length > 0) log(`supabase/config.toml: not read here: ${unread.join(", ")}`);
  const storage = createStorage({
    sql: database.admin,
    directory: path.join(options.directory, "storage"),
    signingSecret: keys.jwtSecret,
    fileSizeLimit: settings.storage.file_size_limit,
    log,
  });
  const functions = createFunctionsHost({
    directory: path.join(options.projectDirectory, "supabase/functions"),
    environment: {
      SUPABASE_URL: `http://127.0.0.1:${port}`,
      SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
      ...(await olderKeys(keys.jwtSecret)),
      SUPABASE_JWKS: JSON.stringify(publicJwks(keys.signingKey)),
      SUPABASE_DB_URL: database.dbUrl,
      WEBHOOKS_TO_PRIVATE: "allowed",
      ...(process.env.MAIL_PROVIDER === undefined
        ? {
            MAIL_PROVIDER: "mailpit",
            MAIL_URL: `http://127.0.0.1:${port}/inbox/api/v1/send`,
            MAIL_KEY: keys.secretKey,
          }
        : ours(mailVariables)),
      ...(options.providersUrl === null
        ? ours(providerVariables)
        : offlineEnvironment(options.providersUrl)),
      ...settings.edge_runtime.secrets,
      ...options.functionsEnv,
    },
    onLog: log,
    onUsage: options.onFunctionCall,
    onSpawn(child, name) {
      guard(child, "group");
      options.onFunctionProcess(name, child);
    },
  });
  undo.defer(() => functions.stop());
  const realtime = await startRealtime({ adminDbUrl: database.adminDbUrl, keys, log });
  undo.defer(() => realtime.stop());
  const gateway = await startGateway({
    port,
    sql: database.admin,
    dbUrl: database.dbUrl,
    keys,
    settings,
    storage,
    functions,
    realtime,
    onLog: log,
  });
  undo.defer(() => gateway.stop());
  // Before the gateway, which waits for its sockets to end.
  undo.defer(() => realtime.stop());
  // Not waited for: the stack is ready, only the very first call of a function would be slower.
  if (options.prewarm !== false) {
    const names = options.prewarm === true ? undefined : options.prewarm;
    void functions.prewarm(names).catch((error: unknown) => log(`functions: ${String(error)}`));
  }
  return gateway;
}

/** Of our own environment. */
function ours(names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * Puts what the database must know of its own surroundings into Vault, under the names that
 * `pipeline.dispatch()` reads. On hosted the operator does this once.
 * @param sql as supabase_admin
 */
export async function writeVaultSecrets(
  sql: Sql,
  secrets: { apiUrl: string; secretKey: string },
): Promise<void> {
  const wanted = {
    sideline_project_url: secrets.apiUrl,
    sideline_secret_key: secrets.secretKey,
  };
  for (const [name, value] of Object.entries(wanted)) {
    await sql`
      select case
        when s.id is null then vault.create_secret(${value}, ${name})::text
        else vault.update_secret(s.id, ${value})::text
      end
      from (values (1)) as one left join vault.secrets as s on s.name = ${name}`;
  }
}

import { readFile } from "node:fs/promises";
import { parse } from "smol-toml";
import { z } from "zod";
import { StackError, systemCode } from "../stack-error.ts";

/** What the stack reads of `supabase/config.toml`; what is absent is as the Supabase CLI has it. */
const settingsSchema = z.object({
  api: z
    .object({
      schemas: z.array(z.string()).min(1).default(["public", "graphql_public"]),
      extra_search_path: z.array(z.string()).default(["public", "extensions"]),
      max_rows: z.int().positive().default(1000),
    })
    .prefault({}),
  storage: z
    .object({ file_size_limit: z.union([z.int(), z.string()]).default("50MiB").transform(bytesOf) })
    .prefault({}),
  auth: z
    .object({
      site_url: z.url().default("http://127.0.0.1:3000"),
      additional_redirect_urls: z.array(z.string()).default(["https://127.0.0.1:3000"]),
      jwt_expiry: z.int().positive().default(3600),
      enable_signup: z.boolean().default(true),
      enable_anonymous_sign_ins: z.boolean().default(false),
      enable_refresh_token_rotation: z.boolean().default(true),
      minimum_password_length: z.int().min(6).default(6),
      rate_limit: z.object({ anonymous_users: z.int().positive().default(30) }).prefault({}),
      email: z
        .object({
          enable_signup: z.boolean().default(true),
          enable_confirmations: z.boolean().default(false),
          double_confirm_changes: z.boolean().default(true),
          otp_length: z.int().min(6).max(10).default(6),
          otp_expiry: z.int().positive().default(3600),
        })
        .prefault({}),
    })
    .prefault({}),
  functions: z
    .record(
      z.string(),
      z.object({ enabled: z.boolean().default(true), verify_jwt: z.boolean().default(true) }),
    )
    .default({}),
  edge_runtime: z.object({ secrets: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

export type Settings = z.output<typeof settingsSchema>;
export type AuthSettings = Settings["auth"];

/** The settings of a project that says nothing. */
export const defaultSettings: Settings = settingsSchema.parse({});

/**
 * @param file `supabase/config.toml`; a project need not have one
 * @returns the settings, and names of what the file sets but nobody here reads
 * @throws StackError `part_failed` where the file cannot be understood
 */
export async function readSettings(
  file: string,
): Promise<{ settings: Settings; unread: string[] }> {
  try {
    const config = withEnvironment(parse(await readFile(file, "utf8")));
    const settings = settingsSchema.parse(config);
    return { settings, unread: unreadKeys(config, settings) };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return { settings: defaultSettings, unread: [] };
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new StackError("part_failed", `supabase/config.toml: ${reason}`, { cause: error });
  }
}

/** `env(NAME)` stands for what the environment holds. */
function withEnvironment(value: unknown): unknown {
  if (typeof value === "string") {
    const name = /^env\((\w+)\)$/.exec(value)?.[1];
    return name === undefined ? value : (process.env[name] ?? value);
  }
  if (Array.isArray(value)) return value.map(withEnvironment);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withEnvironment(inner)]),
  );
}

/** As the CLI reads sizes: a K is 1024, with or without an i. */
function bytesOf(size: number | string, context: z.RefinementCtx): number {
  if (typeof size === "number") return size;
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(size) ?? [];
  if (amount === undefined) {
    context.addIssue(`"${size}" is no size such as 50MiB`);
    return z.NEVER;
  }
  return Math.floor(Number(amount) * 1024 ** " kmgt".indexOf(unit.toLowerCase() || " "));
}

/** What others read (the CLI: the database's), or what has no meaning here. */
const elsewhere = [
  /^(project_id|db|experimental|studio|inbucket|local_smtp|analytics)$/,
  /^edge_runtime\.(policy|inspector_port|deno_version)$/,
  /^(\w+\.)?port$/,
];

/**
 * Names of what a project sets and the stack does not read; a section of which nothing is read goes
 * by its own name. A part that is switched on is on here anyway; one that is off is not asked for.
 */
function unreadKeys(config: unknown, read: unknown): string[] {
  const inner = (path: string) => (path === "" ? "" : `${path}.`);

  function walk(value: unknown, known: unknown, path: string): string[] {
    if (!isTable(value)) {
      const isRead = known !== undefined || path.endsWith(".enabled") || isUsual(path, value);
      return isRead ? [] : [path];
    }
    if (value.enabled === false) return [];
    const keys = Object.keys(value).filter(
      (key) => !elsewhere.some((one) => one.test(inner(path) + key)),
    );
    if (path !== "" && !isTable(known)) return keys.some((key) => key !== "enabled") ? [path] : [];
    return keys.flatMap((key) =>
      walk(value[key], isTable(known) ? known[key] : undefined, inner(path) + key),
    );
  }

  return walk(config, read, "");
}

/** A function's files lie where they usually do. */
function isUsual(path: string, value: unknown): boolean {
  const [, name, key] = /^functions\.([^.]+)\.(entrypoint|import_map)$/.exec(path) ?? [];
  if (name === undefined || typeof value !== "string") return false;
  const file = value.replace(/^\.\//, "");
  return file === `functions/${name}/${key === "entrypoint" ? "index.ts" : "deno.json"}`;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

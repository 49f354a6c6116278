import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { readMigrations, readSeed } from "../migrate/files.ts";
import { platformSql } from "../platform/install.ts";
import { initdbSettings } from "../postgres/cluster.ts";
import type { PostgresHome } from "../postgres/home.ts";

/** Names all that a new database is made of: two of the same name would be alike. */
export async function patternKey(home: PostgresHome, projectDirectory: string): Promise<string> {
  const supabase = path.join(projectDirectory, "supabase");
  const parts = {
    home: path.resolve(home.initdb, "../.."),
    initdbSettings,
    platform: await platformSql(),
    cli: createRequire(import.meta.url)("supabase/package.json").version,
    config: await readFile(path.join(supabase, "config.toml"), "utf8").catch(() => null),
    migrations: await readMigrations(supabase),
    seed: await readSeed(supabase),
  };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConnectionError } from "./connection-error.ts";

/**
 * Connection string of the project that `supabase link` noted: over the pooler in session mode,
 * which works without IPv6 too, else directly. The password comes from SUPABASE_DB_PASSWORD.
 * @param folder where the CLI keeps the link, `supabase/.temp`
 * @throws ConnectionError
 */
export async function linkedProjectUrl(
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const ref = await readLine(join(folder, "project-ref"));
  if (ref === null) {
    throw new ConnectionError(
      "target",
      "This checkout is linked to no project: run npx supabase link --project-ref REF first.",
    );
  }
  const password = environment.SUPABASE_DB_PASSWORD;
  if (password === undefined || password === "") {
    throw new ConnectionError(
      "password",
      `The database password of project ${ref} is not known: put it in SUPABASE_DB_PASSWORD.`,
    );
  }
  const pooler = await readLine(join(folder, "pooler-url"));
  const url = new URL(pooler ?? `postgresql://postgres@db.${ref}.supabase.co:5432/postgres`);
  // The CLI notes the pooler in transaction mode; the same host has session mode on 5432.
  url.port = "5432";
  url.password = encodeURIComponent(password);
  return url.href;
}

async function readLine(file: string): Promise<string | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trim() || null;
}

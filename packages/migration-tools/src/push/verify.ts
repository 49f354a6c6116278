import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Target } from "../connection/target.ts";

/**
 * Runs `npm run db:verify` on the target, in its own words.
 * @returns 0 where the database is what the migrations make
 */
export async function verify(target: Target): Promise<number> {
  const script = join(import.meta.dirname, "..", "verify", "main.ts");
  // Handed over aside: others see a command's arguments.
  const url = new URL(target.url);
  const password = decodeURIComponent(url.password);
  url.password = "";
  const place = target.kind === "url" ? ["--db-url", url.href] : [];
  const linked = target.kind === "linked" ? ["--linked"] : [];
  const child = spawn(process.execPath, [script, ...place, ...linked], {
    stdio: "inherit",
    env: { ...process.env, ...(password === "" ? {} : { PGPASSWORD: password }) },
  });
  const [code] = await once(child, "close");
  return code === 0 ? 0 : 1;
}

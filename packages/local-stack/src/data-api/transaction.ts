import type { Caller } from "../caller.ts";
import type { Queries } from "../sql/sql.ts";
import type { Catalog, Routine } from "./catalog.ts";
import type { Preferences } from "./preferences.ts";
import { quoted } from "./sql-text.ts";

/** One request, as policies and functions may ask for it. */
export interface Call {
  caller: Caller;
  method: string;
  path: string;
  headers: Record<string, string>;
  schema: string;
}

/** Makes the transaction the caller's: role, claims, time limits, and what the request was. */
export async function enter(
  tx: Queries,
  call: Call,
  catalog: Catalog,
  options: { isReadOnly: boolean; preferences: Preferences; routine: Routine | null },
): Promise<void> {
  const { role } = call.caller;
  const settings: Record<string, string> = {
    search_path: [call.schema, "public", "extensions"].map(quoted).join(", "),
    role,
    "request.jwt.claims": JSON.stringify(call.caller.claims),
    "request.method": call.method,
    "request.path": call.path,
    "request.headers": JSON.stringify(call.headers),
    "response.status": "",
    "response.headers": "",
    transaction_read_only: options.isReadOnly ? "on" : "off",
  };
  const timeout =
    options.routine?.settings.find((one) => one.startsWith("statement_timeout="))?.split("=")[1] ??
    catalog.setting(role, "statement_timeout");
  if (timeout !== undefined) settings.statement_timeout = timeout;
  const { timezone } = options.preferences;
  if (timezone !== null) settings.timezone = timezone;
  const entries = Object.entries(settings);
  const assignments = entries.map((_, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, true)`);
  await tx.run(`select ${assignments.join(", ")}`, entries.flat(), true);
  const before = catalog.setting("authenticator", "pgrst.db_pre_request");
  if (before !== undefined) await tx.run(`select ${before.split(".").map(quoted).join(".")}()`);
}

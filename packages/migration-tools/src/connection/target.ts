import path from "node:path";
import type { Project } from "../project.ts";
import { describeAddress, parseAddress } from "./address.ts";
import { ConnectionError } from "./connection-error.ts";
import { withCorrection } from "./corrected-url.ts";
import { linkedProjectUrl } from "./linked-project.ts";

/** The database that a command works on. */
export interface Target {
  kind: "local" | "url" | "linked";
  /** With the password: for connecting, never for printing. */
  url: string;
  /** For people: `the local stack (postgres@127.0.0.1:54322/postgres)`. */
  label: string;
}

/** Options of every command that takes a target, for `parseArgs`. */
export const targetOptions = {
  "db-url": { type: "string" },
  linked: { type: "boolean" },
} as const;

/** The same for its `--help`. */
export function targetHelp({ local }: Pick<Project, "local">): string {
  return `  --db-url URL   postgresql://USER:PASSWORD@HOST:PORT/DATABASE
  --linked       the hosted project that this checkout is linked to; its database password
                 is read from SUPABASE_DB_PASSWORD
                 without either: ${local.name}, which has to run`;
}

/**
 * Decides which database a command talks to, without talking to it.
 * @throws ConnectionError where there is none to choose
 */
export async function chooseTarget(
  { directory, local }: Pick<Project, "directory" | "local">,
  values: { "db-url"?: string | undefined; linked?: boolean | undefined },
): Promise<Target> {
  const given = values["db-url"];
  if (given !== undefined && values.linked === true) {
    throw new ConnectionError("target", "Give either --db-url or --linked, not both.");
  }
  if (given !== undefined) return target("url", given, "the database");
  if (values.linked === true) {
    const url = await linkedProjectUrl(path.join(directory, "supabase", ".temp"));
    return target("linked", url, "the linked project");
  }
  const url = await local.url(local.folder);
  if (url === null) {
    throw new ConnectionError(
      "target",
      `${local.name.replace(/^t/, "T")} is not running: ${local.howToStart}, or name a database ` +
        "with --db-url URL or --linked.",
    );
  }
  return target("local", url, local.name);
}

function target(kind: Target["kind"], url: string, what: string): Target {
  try {
    return { kind, url, label: `${what} (${describeAddress(parseAddress(url))})` };
  } catch (error) {
    throw withCorrection(error, url);
  }
}

/** The connection string that somebody meant, without the password. */
import { isLoopback } from "./address.ts";
import { ConnectionError } from "./connection-error.ts";

const placeholders = {
  password: "[PERCENT-ENCODED-PASSWORD]",
  ref: "PROJECT-REF",
  pooler: "aws-N-REGION.pooler.supabase.com",
} as const;

const ref = "[a-z0-9]{20}";
/** Only what stands right before a port, a path or the end is a host; a password may hold an @. */
const hostPattern = /(?:@|\/\/|\bhost=)(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?(?=[/?#\s"'`]|$)/gi;

/** What went wrong, as far as it changes what is right. */
export interface Flaw {
  /** The host cannot be reached from here, or does not know the project. */
  hostIsWrong?: boolean;
  needsTls?: boolean;
}

/**
 * Reads whatever was given: a connection string, one with raw @ : / # in its password, the API's
 * address, the dashboard's, a list of keywords, a JDBC URL. Of the text only a known host, its port
 * where it is no pooler's, and a project's reference get into the answer: whatever else there is may
 * be a piece of the password.
 */
export function correctedUrl(given: string, flaw: Flaw = {}): string {
  const text = given.trim();
  const [host = "", port = ""] = [...text.matchAll(hostPattern)].at(-1)?.slice(1) ?? [];
  const project = projectOf(text, host);
  const isPooler = /^[a-z0-9-]+\.pooler\.supabase\.com$/.test(host);
  if (project === null && !isPooler && isKnown(host) && !/supabase\.(co|com)$/.test(host)) {
    const place = `${host}${port || ":5432"}`;
    return write("postgres", place, flaw.needsTls ?? false);
  }
  if (host === `db.${project}.supabase.co` && flaw.hostIsWrong !== true) {
    return write("postgres", `${host}:5432`, true);
  }
  const pooler = isPooler && flaw.hostIsWrong !== true ? host : placeholders.pooler;
  return write(`postgres.${project ?? placeholders.ref}`, `${pooler}:5432`, true);
}

/** The same, and where what it leaves open is found. */
function correction(given: string, flaw: Flaw = {}): string {
  const url = correctedUrl(given, flaw);
  const open = [placeholders.ref, placeholders.pooler].filter((part) => url.includes(part));
  const where =
    open.length === 0 ? "" : `\n${open.join(" and ")}: dashboard, Connect, Session pooler`;
  return `Correct: ${url}${where}`;
}

/** The error with what would have been right; of others there is nothing to say. */
export function withCorrection(error: unknown, url: string): unknown {
  if (!(error instanceof ConnectionError) || error.correction !== null) return error;
  const { part, message } = error;
  const isOfForm = ["url", "host", "pooler", "user", "password", "role", "tls", "database"];
  const isSupabases = /supabase\.(co|com)\b/.test(url);
  if (!isOfForm.includes(part) && !(part === "port" && isSupabases)) return error;
  if (part === "tls" && !/encrypted connections only|sslmode of/.test(message)) return error;
  const hostIsWrong = part === "host" || /knows no project/.test(message);
  error.correction = correction(url, { hostIsWrong, needsTls: part === "tls" });
  return error;
}

function projectOf(text: string, host: string): string | null {
  const ofHost = new RegExp(`^(?:db\\.)?(${ref})\\.supabase\\.co$`).exec(host)?.[1];
  const ofUser = new RegExp(`(?://|\\buser=)postgres\\.(${ref})(?=[:@\\s&]|$)`).exec(text)?.[1];
  const ofPage = new RegExp(`supabase\\.com/(?:dashboard/)?project/(${ref})\\b`).exec(text)?.[1];
  return ofHost ?? ofUser ?? ofPage ?? null;
}

/** Rather than a piece of a password: this machine, an address, or a name with a domain. */
function isKnown(host: string): boolean {
  return isLoopback(host.replace(/^\[|\]$/g, "")) || /^\[|^[\d.]{7,15}$|\.[a-z]{2,}$/.test(host);
}

function write(user: string, place: string, tls: boolean): string {
  const mode = tls ? "?sslmode=require" : "";
  return `postgresql://${user}:${placeholders.password}@${place}/postgres${mode}`;
}

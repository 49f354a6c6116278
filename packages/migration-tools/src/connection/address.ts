import { ConnectionError, type ConnectionPart, sentences } from "./connection-error.ts";

const tlsModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** As libpq's `sslmode`. */
export type TlsMode = (typeof tlsModes)[number];

/** A connection string, taken apart. */
export interface Address {
  host: string;
  port: number;
  user: string;
  /** Null where neither the URL nor PGPASSWORD gives one. */
  password: string | null;
  database: string;
  tlsMode: TlsMode;
  /** File with the certificate authority, or null for those that Node knows. */
  rootCertificate: string | null;
}

const shape = "postgresql://USER:PASSWORD@HOST:5432/postgres";

/**
 * Reads `postgresql://…`. Where it does not say how to use TLS: never insisted on with this machine,
 * always with Supabase's hosts, otherwise taken where the server offers it.
 * @throws ConnectionError that quotes no part of the URL which may hold the password
 */
export function parseAddress(text: string): Address {
  const url = toUrl(text.trim());
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const user = decode(url.username) || "postgres";
  const address: Address = {
    host,
    port: url.port === "" ? 5432 : Number(url.port),
    user,
    password: decode(url.password) || process.env.PGPASSWORD || null,
    database: decode(url.pathname.replace(/^\//, "")) || "postgres",
    tlsMode: tlsModeOf(url, host),
    rootCertificate: url.searchParams.get("sslrootcert"),
  };
  refuseKnownMistakes(address);
  return address;
}

/** Where it leads, without the password: `postgres@127.0.0.1:54322/postgres`. */
export function describeAddress({ user, host, port, database }: Address): string {
  return `${user}@${host}:${port}/${database}`;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

const knownUser =
  /^(postgres(\.[a-z0-9]{20})?|anon|authenticated|authenticator|service_role|supabase_[a-z_]+)$/;

/** Whether a user may be shown: in a string that is wrong it may be the password, or a piece of it. */
export function isKnownUser(user: string): boolean {
  return knownUser.test(user);
}

function toUrl(text: string): URL {
  if (/^https?:\/\/.*supabase\.(co|com)\b/.test(text)) {
    refuse("is an address of the API or the dashboard: a database's begins with postgresql://.");
  }
  if (!/^postgres(ql)?:\/\//.test(text)) refuse(`has to look like ${shape}.`);
  const url = URL.canParse(text) ? new URL(text) : null;
  // A raw / ? or # ends the authority early and leaves the real host behind it, whatever stands in
  // its place then: a piece of the password.
  if (url === null || /@/.test(url.pathname + url.search + url.hash)) {
    return refuse(
      "cannot be read: write special characters of the password in percent encoding (/ as %2F, " +
        "? as %3F, # as %23, @ as %40), and the port as a number.",
    );
  }
  if (url.hostname === "") refuse(`names no host; it has to look like ${shape}.`);
  return url;
}

function refuse(fault: string): never {
  throw new ConnectionError("url", `The database URL ${fault}`);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return refuse("has a % that begins no percent encoding: write % of the password as %25.");
  }
}

function tlsModeOf(url: URL, host: string): TlsMode {
  const asked = url.searchParams.get("sslmode");
  if (asked === null) return isLoopback(host) ? "allow" : isSupabase(host) ? "require" : "prefer";
  const mode = tlsModes.find((name) => name === asked);
  if (mode === undefined) {
    throw new ConnectionError(
      "tls",
      `The sslmode of the database URL is none of ${tlsModes.join(", ")}.`,
    );
  }
  return mode;
}

function isSupabase(host: string): boolean {
  return /\.supabase\.(co|com)$/.test(host);
}

/** What is known to be wrong before anything is sent. */
function refuseKnownMistakes({ host, port, user, password }: Address): void {
  const mistakes: [isMade: boolean, part: ConnectionPart, sentence: string][] = [
    [
      password !== null && /^\[.*password.*\]$/i.test(password),
      "password",
      "The database URL still has the dashboard's placeholder where the password belongs: put the " +
        "database password there.",
    ],
    // What stands alone before the @ is the password as often as the user.
    [password === null && isSupabase(host), "password", sentences.noPassword],
    [
      /^[a-z0-9]{20}\.supabase\.co$/.test(host),
      "host",
      `The host ${host} is the API's: the database's is the pooler's, or db.${host}.`,
    ],
    [
      /^db\.[a-z0-9]+\.supabase\.co$/.test(host) && user.includes("."),
      "user",
      "Only the pooler knows the user by the project: write postgres for the direct host.",
    ],
    [
      port === 6543 && !isLoopback(host),
      "pooler",
      "Port 6543 is the pooler in transaction mode, which keeps neither session settings nor " +
        "prepared statements: use port 5432 (session mode) of the same host.",
    ],
    [host.endsWith(".pooler.supabase.com") && !user.includes("."), "user", sentences.poolerUser],
  ];
  for (const [isMade, part, sentence] of mistakes) {
    if (isMade) throw new ConnectionError(part, sentence);
  }
}

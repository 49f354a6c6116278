import { readFile } from "node:fs/promises";
import pg from "pg";
import { type Address, parseAddress } from "./address.ts";
import { ConnectionError } from "./connection-error.ts";
import { type Contact, watchedSocket } from "./contact.ts";
import { withCorrection } from "./corrected-url.ts";
import { diagnose, needsTls } from "./diagnose.ts";

type TlsOptions = Exclude<pg.ClientConfig["ssl"], undefined>;

/**
 * Opens one connection; the caller ends it. TLS follows the URL's `sslmode` as libpq does, so
 * `require` encrypts without checking the certificate.
 * @param options.timeoutMs patience with each attempt, 10 s when not given
 * @throws ConnectionError: one sentence that names the wrong part, never the password
 */
export async function connect(
  url: string,
  options: { timeoutMs?: number } = {},
): Promise<pg.Client> {
  try {
    return await open(url, options);
  } catch (error) {
    throw withCorrection(error, url);
  }
}

/** The same for a while: the connection ends with what is done on it. */
export async function withConnection<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function open(url: string, options: { timeoutMs?: number }): Promise<pg.Client> {
  const address = parseAddress(url);
  const timeoutMs = options.timeoutMs ?? 10_000;
  const [first, second] = await attemptsFor(address);
  const failed = await attempt(address, first ?? false, timeoutMs);
  if (failed instanceof pg.Client) return failed;
  if (second === undefined || !callsForTheOther(failed.error)) throw diagnose(failed.error, failed);
  const again = await attempt(address, second, timeoutMs);
  if (again instanceof pg.Client) return again;
  throw diagnose(again.error, again);
}

/** The ways to try, one or two, with the options of TLS or false for none. */
async function attemptsFor(address: Address): Promise<TlsOptions[]> {
  const unchecked = { rejectUnauthorized: false };
  switch (address.tlsMode) {
    case "disable":
      return [false];
    case "allow":
      return [false, unchecked];
    case "prefer":
      return [unchecked, false];
    case "require":
      return [unchecked];
    case "verify-ca":
      return [{ ...(await authority(address)), checkServerIdentity: () => undefined }];
    case "verify-full":
      return [await authority(address)];
  }
}

async function authority({ rootCertificate }: Address): Promise<{ ca?: string }> {
  if (rootCertificate === null || rootCertificate === "system") return {};
  try {
    return { ca: await readFile(rootCertificate, "utf8") };
  } catch (error) {
    throw new ConnectionError("tls", `sslrootcert=${rootCertificate} cannot be read.`, {
      cause: error,
    });
  }
}

interface FailedAttempt {
  error: unknown;
  address: Address;
  contact: Contact;
  timeoutMs: number;
}

async function attempt(
  address: Address,
  ssl: TlsOptions,
  timeoutMs: number,
): Promise<pg.Client | FailedAttempt> {
  const contact = watchedSocket();
  const { host, port, user, database } = address;
  const client = new pg.Client({
    host,
    port,
    user,
    database,
    ssl,
    password: address.password ?? undefined,
    stream: () => contact.socket,
    connectionTimeoutMillis: timeoutMs,
    application_name: "migration-tools",
  });
  try {
    await client.connect();
    // A connection lost while idle shows in the next query; unheard it would end the process.
    client.on("error", () => {});
    return client;
  } catch (error) {
    contact.socket.destroy();
    return { error, address, contact, timeoutMs };
  }
}

/** Whether the server's refusal is about TLS alone, so that the second way may succeed. */
function callsForTheOther(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /does not support SSL/.test(error.message) || needsTls(code, error.message);
}

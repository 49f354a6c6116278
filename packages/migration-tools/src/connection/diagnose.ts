import { type Address, isKnownUser, isLoopback } from "./address.ts";
import { ConnectionError, type ConnectionPart, sentences } from "./connection-error.ts";
import { type Contact, speaksPostgres } from "./contact.ts";

interface Failure {
  address: Address;
  contact: Contact;
  /** SQLSTATE or system code, empty where there is none. */
  code: string;
  message: string;
  timeoutMs: number;
}

type Diagnosis = [part: ConnectionPart, sentence: string];

/** What a failed attempt comes from, as one sentence that says what to do. */
export function diagnose(
  error: unknown,
  attempt: { address: Address; contact: Contact; timeoutMs: number },
): ConnectionError {
  const message = error instanceof Error ? error.message : String(error);
  const failure: Failure = { ...attempt, code: codeOf(error), message };
  const [part, sentence] = ofNetwork(failure) ??
    ofTls(failure) ??
    ofPooler(failure) ??
    ofServer(failure) ?? [
      "server",
      `${place(failure)} refused the connection: ${message.replace(/\.$/, "")}.`,
    ];
  return new ConnectionError(part, sentence, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}

function place({ address: { host, port } }: Failure): string {
  return `${host}:${port}`;
}

function isDirectHost(host: string): boolean {
  return /^db\.[a-z0-9]+\.supabase\.co$/.test(host);
}

/** A host without a dot that nobody finds may be a piece of a password. */
function shown(host: string): string {
  return host.includes(".") ? `${host} ` : "of the database URL ";
}

/** What stands in the place of the user may be the password, or a piece of it. */
function shownRole({ user }: Address): string {
  return isKnownUser(user) ? `the role ${user}` : "the role of the database URL";
}

function ofNetwork(failure: Failure): Diagnosis | null {
  const { address, contact, code, message, timeoutMs } = failure;
  const { host, port } = address;
  switch (code) {
    case "ENOTFOUND":
      return [
        "host",
        isDirectHost(host)
          ? `The host ${host} has no IPv4 address, or does not exist: use the session pooler's URL, ` +
            "or check its spelling, and that the project is not paused."
          : `The host ${shown(host)}does not exist: check its spelling and, for a hosted project, ` +
            "that it is not paused.",
      ];
    case "EAI_AGAIN":
      return [
        "host",
        `The host ${shown(host)}cannot be looked up now: check the network connection.`,
      ];
    case "ECONNREFUSED":
      return [
        "port",
        isLoopback(host)
          ? `Nothing listens on port ${port} of this machine: start the database, or ` +
            "correct the port."
          : `Nothing listens on port ${port} of ${host}: correct the port.`,
      ];
    case "ENETUNREACH":
    case "EHOSTUNREACH":
    case "EADDRNOTAVAIL":
      return [
        "host",
        `This machine has no route to ${host}: hosted projects' direct hosts have IPv6 only, so use ` +
          "the session pooler's URL (dashboard, Connect), or check the network.",
      ];
  }
  if (!speaksPostgres(contact)) {
    return ["port", `What listens on port ${port} of ${host} is no Postgres: correct the port.`];
  }
  if (code === "ETIMEDOUT" || /timeout expired|connection timeout/.test(message)) {
    const seconds = Math.round(timeoutMs / 100) / 10;
    return contact.isAccepted
      ? [
          "server",
          `${place(failure)} accepted the connection and then said nothing for ${seconds} s: it is ` +
            "overloaded, hangs, or is no Postgres.",
        ]
      : [
          "host",
          `${place(failure)} did not answer within ${seconds} s: a firewall or the project's network ` +
            "restrictions drop the connection, or the address is wrong.",
        ];
  }
  return null;
}

const unknownAuthority = "signed by an authority that this machine does not know";
const distrusted: Record<string, string> = {
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: "signed by itself",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  CERT_HAS_EXPIRED: "out of date",
  CERT_NOT_YET_VALID: "not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "made out for another host",
};

function ofTls(failure: Failure): Diagnosis | null {
  const { address, code, message } = failure;
  const fault = distrusted[code];
  if (fault !== undefined) {
    return [
      "tls",
      `The certificate of ${place(failure)} is ${fault}: give its authority's file with ` +
        "&sslrootcert=FILE (a hosted project's is in the dashboard, Database Settings), or encrypt " +
        "without checking by sslmode=require.",
    ];
  }
  if (/does not support SSL/.test(message)) {
    return [
      "tls",
      `${place(failure)} offers no TLS and sslmode is ${address.tlsMode}: use sslmode=disable where ` +
        "the network is your own, or correct the host.",
    ];
  }
  if (needsTls(code, message)) {
    return [
      "tls",
      `${place(failure)} takes encrypted connections only: put sslmode=require in place of ` +
        `sslmode=${address.tlsMode}.`,
    ];
  }
  if (code.startsWith("ERR_SSL_") || /establishing an SSL connection/.test(message)) {
    return ["tls", `TLS with ${place(failure)} failed: correct the port, or try sslmode=disable.`];
  }
  return null;
}

/** Whether a refusal of a plain connection asks for TLS. */
export function needsTls(code: string, message: string): boolean {
  return (
    (code === "28000" && /no pg_hba\.conf entry.*no encryption/.test(message)) ||
    /SSL connection is required|SSL required/i.test(message)
  );
}

/** Supabase's pooler has words of its own. */
function ofPooler({ address, message }: Failure): Diagnosis | null {
  if (/no tenant identifier/i.test(message)) {
    return ["user", sentences.poolerUser];
  }
  if (/tenant.*not found/i.test(message)) {
    return [
      "user",
      `The pooler ${address.host} knows no project for the user of the database URL: write ` +
        "postgres.<project-ref>, copy the host from the dashboard (Connect), and check that the " +
        "project is not paused.",
    ];
  }
  if (/max ?clients/i.test(message)) {
    return [
      "limit",
      "The pooler has no connection left in session mode: end other clients, or raise its pool size.",
    ];
  }
  return null;
}

function ofServer(failure: Failure): Diagnosis | null {
  const { address, contact, code, message } = failure;
  const { database } = address;
  switch (code) {
    case "28P01":
      return [
        "password",
        `The password for ${shownRole(address)} is wrong, or there is no such role: ` +
          (isLoopback(address.host)
            ? "the local stack prints its own when it starts."
            : "reset it in the dashboard (Database Settings), or correct the user."),
      ];
    case "3D000":
      return ["database", `There is no database ${database} on ${place(failure)}: use /postgres.`];
    case "57P03":
      return [
        "server",
        `The server at ${place(failure)} does not take connections yet (${message}): try again in ` +
          "some seconds.",
      ];
    case "53300":
      return [
        "limit",
        `The server at ${place(failure)} has no connection left: end other clients and try again.`,
      ];
    case "42501":
      return [
        "access",
        `T${shownRole(address).slice(1)} may not connect to ${database}: use the role postgres.`,
      ];
    case "28000":
      return ofRole(failure);
  }
  if (/client password must be a (non-empty )?string|password must be/.test(message)) {
    return ["password", sentences.noPassword];
  }
  if (/terminated unexpectedly/.test(message) || code === "ECONNRESET" || code === "EPIPE") {
    return contact.isAccepted
      ? [
          "server",
          `${place(failure)} accepted the connection and closed it without a word: a proxy or port ` +
            "forward has no server behind it, or the server is going down.",
        ]
      : null;
  }
  return null;
}

function ofRole({ address, message }: Failure): Diagnosis {
  const role = shownRole(address);
  if (/role ".*" does not exist/.test(message)) {
    return [
      "role",
      `The server does not know ${role}: correct the user, in most cases to postgres.`,
    ];
  }
  if (/not permitted to log in/.test(message)) {
    return ["role", `T${role.slice(1)} may not log in: use the role postgres.`];
  }
  return [
    "access",
    `The server does not let ${role} connect to ${address.database} from here (${message}): check ` +
      "its network restrictions.",
  ];
}

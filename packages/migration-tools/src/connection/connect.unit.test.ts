/** What is wrong with a connection is named, provoked at real sockets. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAddress } from "./address.ts";
import { connect } from "./connect.ts";
import { ConnectionError, type ConnectionPart } from "./connection-error.ts";
import { watchedSocket } from "./contact.ts";
import { diagnose } from "./diagnose.ts";
import { asksForTls, offerTls, refusal, scriptedServer } from "./scripted-server.ts";
import { type Certificate, selfSignedCertificate } from "./self-signed-certificate.ts";

const password = "correct horse";
const noEncryption = refusal(
  "28000",
  'no pg_hba.conf entry for host "127.0.0.1", user "postgres", database "postgres", no encryption',
);

async function failureOf(url: string, timeoutMs = 5_000): Promise<ConnectionError> {
  try {
    const client = await connect(url, { timeoutMs });
    await client.end();
  } catch (error) {
    if (error instanceof ConnectionError) return error;
    throw error;
  }
  throw new Error("it connected");
}

/** Plays a server and says how the connection to it fails. */
async function failureAt(
  play: (socket: Socket) => void,
  options: { query?: string; timeoutMs?: number } = {},
): Promise<ConnectionError> {
  await using server = await scriptedServer(play);
  const query = options.query === undefined ? "" : `?${options.query}`;
  const url = `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${server.port}/postgres${query}`;
  return await failureOf(url, options.timeoutMs);
}

/** Refuses whoever comes, after the first message. */
function refusing(reply: Buffer): (socket: Socket) => void {
  return (socket) => socket.once("data", () => socket.end(reply));
}

test("a port that nothing listens on", async () => {
  const server = await scriptedServer(() => {});
  await server[Symbol.asyncDispose]();

  const error = await failureOf(`postgresql://postgres:x@127.0.0.1:${server.port}/postgres`);

  expect(error.part).toBe("port");
  expect(error.message).toBe(
    `Nothing listens on port ${server.port} of this machine: start the database, or correct the port.`,
  );
});

test("a host that does not exist", async () => {
  const error = await failureOf("postgresql://postgres:x@no-such-host.invalid:5432/postgres");

  expect(error.part).toBe("host");
  expect(error.message).toMatch(
    /^The host no-such-host\.invalid (does not exist|cannot be looked)/,
  );
});

describe("a server that is none:", () => {
  test("silence", async () => {
    const error = await failureAt(() => {}, { timeoutMs: 300 });

    expect(error.part).toBe("server");
    expect(error.message).toMatch(/accepted the connection and then said nothing for 0\.3 s/);
  });

  test("another protocol that speaks first", async () => {
    const error = await failureAt((socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"), {
      timeoutMs: 500,
    });

    expect(error.part).toBe("port");
    expect(error.message).toMatch(/is no Postgres: correct the port/);
  });

  test("another protocol, asked for TLS", async () => {
    const error = await failureAt(refusing(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")), {
      query: "sslmode=require",
    });

    expect(error.part).toBe("port");
  });

  test("a port forward with nothing behind it", async () => {
    const error = await failureAt((socket) => socket.end());

    expect(error.part).toBe("server");
    expect(error.message).toMatch(/closed it without a word/);
  });

  test("no answer at all", () => {
    const error = diagnose(new Error("timeout expired"), {
      address: parseAddress("postgresql://postgres:x@example.org:5432/postgres"),
      contact: watchedSocket(),
      timeoutMs: 10_000,
    });

    expect(error.part).toBe("host");
    expect(error.message).toMatch(/example\.org:5432 did not answer within 10 s: a firewall/);
  });

  test("no route", () => {
    const error = diagnose(Object.assign(new Error(""), { code: "ENETUNREACH" }), {
      address: parseAddress("postgresql://postgres:x@db.ref.supabase.co:5432/postgres"),
      contact: watchedSocket(),
      timeoutMs: 10_000,
    });

    expect(error.part).toBe("host");
    expect(error.message).toMatch(/IPv6 only.*session pooler/);
  });
});

describe("TLS:", () => {
  const certificateFor = (ip: string, until: string) =>
    selfSignedCertificate({ ip, until: new Date(until) });
  const good = certificateFor("127.0.0.1", "2049-01-01");
  const noDatabase = refusal("3D000", 'database "postgres" does not exist');

  /** Refuses who does not encrypt. */
  const insistsOnTls = (certificate: Certificate) => (socket: Socket) =>
    void socket.once("data", (message) => {
      if (!asksForTls(message)) return void socket.end(noEncryption);
      socket.unshift(message);
      offerTls(socket, certificate, noDatabase);
    });
  const offers = (certificate: Certificate) => (socket: Socket) =>
    offerTls(socket, certificate, noDatabase);
  const declines = () => (socket: Socket) =>
    void socket.once("data", (message) => socket.end(asksForTls(message) ? "N" : noDatabase));

  test.each([
    [
      "is required by the server and disabled in the URL",
      insistsOnTls,
      "disable",
      "tls",
      /encrypted connections only: put sslmode=require/,
    ],
    ["is used by itself where the server requires it", insistsOnTls, "allow", "database", /./],
    [
      "is not offered by the server and required in the URL",
      declines,
      "require",
      "tls",
      /offers no TLS and sslmode is require/,
    ],
    ["is done without where preferred and not offered", declines, "prefer", "database", /./],
    ["does not check the certificate under sslmode=require", offers, "require", "database", /./],
    [
      "does not believe a self-signed certificate",
      offers,
      "verify-full",
      "tls",
      /signed by itself: give its authority's file with &sslrootcert/,
    ],
  ])("%s", async (_title, play, mode, part, words) => {
    const error = await failureAt(play(await good), { query: `sslmode=${mode}` });

    expect(error.part).toBe(part);
    expect(error.message).toMatch(words);
  });

  describe("with the authority's file", () => {
    test.each([
      ["127.0.0.1", "2049-01-01", "verify-full", "database", /There is no database/],
      ["10.0.0.1", "2049-01-01", "verify-full", "tls", /made out for another host/],
      ["10.0.0.1", "2049-01-01", "verify-ca", "database", /There is no database/],
      ["127.0.0.1", "2021-01-01", "verify-full", "tls", /out of date/],
    ])("a certificate for %s until %s under %s", async (ip, until, mode, part, words) => {
      const folder = await mkdtemp(join(tmpdir(), "sideline tls-"));
      const certificate = await certificateFor(ip, until);
      const file = join(folder, "authority.pem");
      await writeFile(file, certificate.cert);

      const error = await failureAt((socket) => offerTls(socket, certificate, noDatabase), {
        query: `sslmode=${mode}&sslrootcert=${encodeURIComponent(file)}`,
      }).finally(() => rm(folder, { recursive: true }));

      expect(error.part).toBe(part);
      expect(error.message).toMatch(words);
    });
  });
});

describe("a refusal in the server's words:", () => {
  const cases: [code: string, words: string, part: ConnectionPart, sentence: RegExp][] = [
    ["57P03", "the database system is starting up", "server", /try again in some seconds/],
    ["53300", "sorry, too many clients already", "limit", /no connection left/],
    ["28P01", 'password authentication failed for user "postgres"', "password", /is wrong/],
    ["28000", 'role "postgres" does not exist', "role", /does not know the role postgres/],
    ["28000", "no pg_hba.conf entry for host, SSL encryption", "access", /network restrictions/],
    ["XX000", "Tenant or user not found", "user", /postgres\.<project-ref>.*not paused/],
    ["XX000", "(ENOTFOUND) tenant/user postgres.x not found", "user", /knows no project/],
    ["XX000", "(ENOIDENTIFIER) no tenant identifier provided", "user", /postgres\.<project-ref>/],
    ["XX000", "MaxClientsInSessionMode: max clients reached", "limit", /session mode/],
    ["08006", "SSL connection is required", "tls", /encrypted connections only/],
    ["XX000", "something new.", "server", /refused the connection: something new\.$/],
  ];

  test.each(cases)("%s %s", async (code, words, part, sentence) => {
    const error = await failureAt(refusing(refusal(code, words)), { query: "sslmode=disable" });

    expect(error.part).toBe(part);
    expect(error.message).toMatch(sentence);
    expect(error.message).toMatch(/^\S.*\.$/);
    expect(error.message).not.toContain(password);
  });
});

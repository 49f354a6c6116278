/** Strings as people really have them, and what they get to see; never the password. */
import { describe, expect, test } from "vitest";
import { parseAddress } from "./address.ts";
import { ConnectionError, told } from "./connection-error.ts";
import { correctedUrl, type Flaw, withCorrection } from "./corrected-url.ts";
import { diagnose } from "./diagnose.ts";

const ref = "abcdefghijklmnopqrst";
const pooler = "aws-1-us-east-1.pooler.supabase.com";
const password = "[PERCENT-ENCODED-PASSWORD]";
const overPooler = `postgresql://postgres.${ref}:${password}@${pooler}:5432/postgres?sslmode=require`;
const anyPooler = overPooler.replace(pooler, "aws-N-REGION.pooler.supabase.com");
const nothingKnown = anyPooler.replace(ref, "PROJECT-REF");
const direct = `postgresql://postgres:${password}@db.${ref}.supabase.co:5432/postgres?sslmode=require`;

/** What a person is told of a string before anything is sent. */
function refusalOf(url: string): ConnectionError {
  try {
    parseAddress(url);
  } catch (error) {
    if (withCorrection(error, url) instanceof ConnectionError) return error as ConnectionError;
  }
  throw new Error("It was taken.");
}

describe("refused at once, with what is right:", () => {
  const page = `https://supabase.com/dashboard/project/${ref}/editor`;
  const ofPooler = `postgresql://postgres.${ref}`;
  const ofDirect = `db.${ref}.supabase.co`;
  const cases: [name: string, given: string, says: RegExp, correct: string][] = [
    ["an address of the API", `https://${ref}.supabase.co`, /^url: .* of the API or/, anyPooler],
    ["one of the dashboard", page, /^url: .* the dashboard/, anyPooler],
    [
      "the API's host",
      `postgresql://postgres:se:cret@${ref}.supabase.co:5432/postgres`,
      /^host: .* the API's: the database's/,
      anyPooler,
    ],
    [
      "transaction mode",
      `${ofPooler}:secret@${pooler}:6543/postgres?pgbouncer=true`,
      /^pooler: .*transaction mode.*use port 5432/,
      overPooler,
    ],
    [
      "the direct host in transaction mode",
      `postgresql://postgres:secret@${ofDirect}:6543/postgres`,
      /^pooler: .*transaction mode/,
      direct,
    ],
    [
      "a pooler without a project",
      `postgresql://postgres:secret@${pooler}:5432/postgres`,
      /^user: .*postgres\.<project-ref>/,
      overPooler.replace(ref, "PROJECT-REF"),
    ],
    [
      "the pooler's user at the direct host",
      `${ofPooler}:secret@${ofDirect}:5432/postgres`,
      /^user: Only the pooler/,
      direct,
    ],
    ["no user", `postgres://secret@${ofDirect}:5432/postgres`, /^password: .* no password/, direct],
    ["a raw @ and /", `${ofPooler}:s@ec/ret@${pooler}:5432/postgres`, /^url: .*%2F/, overPooler],
    ["a raw #", `${ofPooler}:12#secret@${pooler}:5432/postgres`, /^url: .*%23/, overPooler],
    ["a raw @ before a #", `postgresql://postgres:s@ec#ret@${ofDirect}/x`, /^url: .*%40/, direct],
    ["a raw ?", `${ofPooler}:12?secret@${pooler}:5432/postgres`, /^url: .*%3F/, overPooler],
    ["a raw %", `${ofPooler}:secret%zz@${pooler}:5432/postgres`, /^url: .*%25/, overPooler],
    ["quotes around it", `"${ofPooler}:secret@${pooler}:5432/x"`, /^url: /, overPooler],
    ["a line of .env", `DATABASE_URL=${ofPooler}:secret@${pooler}`, /^url: /, overPooler],
    [
      "the dashboard's placeholder",
      `postgresql://postgres:[YOUR-PASSWORD]@${ofDirect}:5432/postgres`,
      /^password: .*placeholder/,
      direct,
    ],
    ["our own placeholder", overPooler, /^password: .*placeholder/, overPooler],
    [
      "a JDBC URL",
      `jdbc:postgresql://${pooler}:6543/postgres?user=postgres.${ref}&password=secret`,
      /^url: .*has to look like postgresql:/,
      overPooler,
    ],
    [
      "keywords",
      `host=${ofDirect} port=5432 user=postgres password=secret dbname=postgres`,
      /^url: .*has to look like postgresql:/,
      direct,
    ],
    [
      "another server",
      "postgresql://me:1/secret@10.0.0.5:5433/mine",
      /^url: .*%2F/,
      `postgresql://postgres:${password}@10.0.0.5:5433/postgres`,
    ],
    ["no host", "postgresql:///postgres", /^url: .*names no host/, nothingKnown],
    [
      "an unknown sslmode",
      "postgresql://me:secret@10.0.0.5/mine?sslmode=on",
      /^tls: .*none of/,
      `postgresql://postgres:${password}@10.0.0.5:5432/postgres`,
    ],
    ["nothing that can be read", "secret", /^url: .*has to look like/, nothingKnown],
  ];

  test.each(cases)("%s", (_name, given, says, correct) => {
    const error = refusalOf(given);

    expect(`${error.part}: ${error.message}`).toMatch(says);
    expect(error.message).toMatch(/^[A-Z].*\.$/s);
    expect(told(error)).toContain(`\nCorrect: ${correct}`);
    expect(`${told(error)} ${error.stack}`).not.toMatch(/secret|se:cret|ec\/ret|ret@|12#/);
    expect(told(error).includes("dashboard, Connect, Session pooler")).toBe(
      /PROJECT-REF|REGION/.test(correct),
    );
  });
});

describe("refused when it was tried, with what is right:", () => {
  const cases: [given: string, code: string, message: string, correct: string | null][] = [
    [`postgresql://postgres:x@db.${ref}.supabase.co`, "ENOTFOUND", "getaddrinfo", anyPooler],
    [`postgresql://postgres:x@db.${ref}.supabase.co`, "ENETUNREACH", "connect", anyPooler],
    [`postgresql://postgres.${ref}:x@${pooler}`, "XX000", "Tenant or user not found", anyPooler],
    [`postgresql://postgres.${ref}:x@${pooler}`, "28P01", "password authentication", overPooler],
    [`postgresql://postgres.${ref}:x@${pooler}:5433`, "ECONNREFUSED", "connect", overPooler],
    ["postgresql://postgres:x@127.0.0.1:5433", "ECONNREFUSED", "connect", null],
    [`postgresql://postgres.${ref}:x@${pooler}`, "XX000", "max clients reached", null],
  ];

  test.each(cases)("%s: %s", (given, code, message, correct) => {
    const failed = Object.assign(new Error(message), { code });
    const address = parseAddress(given);
    const contact = { socket: null, isAccepted: true, firstByte: 0x52 } as never;
    const error = diagnose(failed, { address, contact, timeoutMs: 10_000 });

    withCorrection(error, given);

    expect(error.correction?.split("\n")[0] ?? null).toBe(correct && `Correct: ${correct}`);
  });
});

test("a server that wants TLS is written with it", () => {
  const flaw: Flaw = { needsTls: true };

  expect(correctedUrl("postgresql://me:x@pg.example.org:5433/x", flaw)).toBe(
    `postgresql://postgres:${password}@pg.example.org:5433/postgres?sslmode=require`,
  );
});

test("whatever the password and wherever it stands, no piece of it is shown", () => {
  const marks = [..."@:/?#%&=+ []\"'\\$;,"];
  const shapes = [
    (p: string) => `postgresql://postgres.${ref}:${p}@${pooler}:6543/postgres`,
    (p: string) => `postgresql://postgres:${p}@db.${ref}.supabase.co:5432/postgres`,
    (p: string) => `postgresql://${p}@db.${ref}.supabase.co/postgres`,
    (p: string) => `postgres://postgres:${p}@localhost:54322/postgres`,
    (p: string) => `postgres://${p}@localhost:54322/postgres`,
    (p: string) => `postgresql://postgres:${p}`,
    (p: string) => `https://${ref}.supabase.co/?password=${p}`,
    (p: string) => `"host=db.${ref}.supabase.co user=postgres password=${p}"`,
    (p: string) => p,
  ];
  const failures: [code: string, message: string][] = [
    ["ENOTFOUND", "getaddrinfo"],
    ["28P01", "password authentication failed"],
    ["28000", 'role "x" does not exist'],
    ["XX000", "Tenant or user not found"],
  ];
  const passwords = marks.flatMap((one) => marks.map((other) => `Zq7k${one}Xw9v${other}Jh5r`));
  const told = passwords.flatMap((given) =>
    shapes.flatMap((shape) => everythingSaidOf(shape(given), failures)),
  );

  expect(told.length).toBeGreaterThan(passwords.length * shapes.length);
  expect(told.filter((text) => /Zq7k|Xw9v|Jh5r/i.test(text))).toEqual([]);
});

function everythingSaidOf(given: string, failures: [string, string][]): string[] {
  try {
    const address = parseAddress(given);
    // Nobody gets further with a host that is a piece of the password.
    const isHost = address.host === "localhost" || address.host.includes(".");
    return failures.slice(0, isHost ? failures.length : 1).map(([code, message]) => {
      const failed = Object.assign(new Error(message), { code });
      const contact = { socket: null, isAccepted: true, firstByte: 0x52 } as never;
      const error = diagnose(failed, { address, contact, timeoutMs: 1000 });
      withCorrection(error, given);
      return told(error);
    });
  } catch (error) {
    withCorrection(error, given);
    return [error instanceof Error ? `${told(error)} ${error.stack}` : String(error)];
  }
}

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
  const cases: [name: string, given: string, correct: string][] = [
    ["an address of the API", `https://${ref}.supabase.co`, anyPooler],
    ["one of the dashboard", `https://supabase.com/dashboard/project/${ref}/editor`, anyPooler],
    ["the API's host", `postgresql://postgres:se:cret@${ref}.supabase.co:5432/postgres`, anyPooler],
    [
      "transaction mode",
      `postgresql://postgres.${ref}:secret@${pooler}:6543/postgres?pgbouncer=true`,
      overPooler,
    ],
    [
      "the direct host in transaction mode",
      `postgresql://postgres:secret@db.${ref}.supabase.co:6543/postgres`,
      direct,
    ],
    [
      "a pooler without a project",
      `postgresql://postgres:secret@${pooler}:5432/postgres`,
      overPooler.replace(ref, "PROJECT-REF"),
    ],
    [
      "the pooler's user at the direct host",
      `postgresql://postgres.${ref}:secret@db.${ref}.supabase.co:5432/postgres`,
      direct,
    ],
    ["no user", `postgres://secret@db.${ref}.supabase.co:5432/postgres`, direct],
    ["a raw @ and /", `postgresql://postgres.${ref}:s@ec/ret@${pooler}:5432/postgres`, overPooler],
    ["a raw #", `postgresql://postgres.${ref}:12#secret@${pooler}:5432/postgres`, overPooler],
    ["a raw @ before a #", `postgresql://postgres:s@ec#ret@db.${ref}.supabase.co/postgres`, direct],
    ["a raw ?", `postgresql://postgres.${ref}:12?secret@${pooler}:5432/postgres`, overPooler],
    ["a raw %", `postgresql://postgres.${ref}:secret%zz@${pooler}:5432/postgres`, overPooler],
    ["quotes around it", `"postgresql://postgres.${ref}:secret@${pooler}:5432/x"`, overPooler],
    ["a line of .env", `DATABASE_URL=postgresql://postgres.${ref}:secret@${pooler}`, overPooler],
    [
      "the dashboard's placeholder",
      `postgresql://postgres:[YOUR-PASSWORD]@db.${ref}.supabase.co:5432/postgres`,
      direct,
    ],
    ["our own placeholder", overPooler, overPooler],
    [
      "a JDBC URL",
      `jdbc:postgresql://${pooler}:6543/postgres?user=postgres.${ref}&password=secret`,
      overPooler,
    ],
    [
      "keywords",
      `host=db.${ref}.supabase.co port=5432 user=postgres password=secret dbname=postgres`,
      direct,
    ],
    [
      "another server",
      "postgresql://me:1/secret@10.0.0.5:5433/mine",
      `postgresql://postgres:${password}@10.0.0.5:5433/postgres`,
    ],
    ["nothing that can be read", "secret", anyPooler.replace(ref, "PROJECT-REF")],
  ];

  test.each(cases)("%s", (_name, given, correct) => {
    const error = refusalOf(given);

    expect(told(error)).toContain(`\nCorrect: ${correct}`);
    expect(told(error)).not.toMatch(/secret|se:cret|ec\/ret|ret@|12#/);
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
  for (const first of marks) {
    for (const second of marks) {
      for (const shape of shapes) {
        const given = shape(`Zq7k${first}Xw9v${second}Jh5r`);
        for (const text of everythingSaidOf(given, failures)) {
          expect(text, given).not.toMatch(/Zq7k|Xw9v|Jh5r/i);
        }
      }
    }
  }
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

import { describe, expect, test } from "vitest";
import { describeAddress, parseAddress } from "./address.ts";
import { ConnectionError, type ConnectionPart } from "./connection-error.ts";

const pooler = "aws-0-eu-central-1.pooler.supabase.com";

function failureOf(url: string): ConnectionError {
  try {
    parseAddress(url);
  } catch (error) {
    if (error instanceof ConnectionError) return error;
    throw error;
  }
  throw new Error(`${url} was taken`);
}

test("reads a connection string, escapes and defaults included", () => {
  const address = parseAddress("postgres://some%40one:p%2F%23%25@example.org/my%20base");

  expect(address).toEqual({
    host: "example.org",
    port: 5432,
    user: "some@one",
    password: "p/#%",
    database: "my base",
    tlsMode: "prefer",
    rootCertificate: null,
  });
  expect(describeAddress(address)).toBe("some@one@example.org:5432/my base");
});

test.each([
  ["postgresql://postgres:x@127.0.0.1:54322/postgres", "allow"],
  ["postgresql://postgres:x@[::1]:54322/postgres", "allow"],
  [`postgresql://postgres.ref:x@${pooler}:5432/postgres`, "require"],
  ["postgresql://postgres:x@db.ref.supabase.co:5432/postgres", "require"],
  ["postgresql://postgres:x@db.ref.supabase.co/postgres?sslmode=verify-full", "verify-full"],
])("%s is reached with TLS mode %s", (url, mode) => {
  expect(parseAddress(url).tlsMode).toBe(mode);
});

describe("a wrong URL is refused with its wrong part:", () => {
  const cases: [title: string, url: string, part: ConnectionPart, words: RegExp][] = [
    ["another scheme", "https://example.org", "url", /has to look like postgresql:/],
    ["a raw # in the password", "postgresql://postgres:se#cret@host:5432/postgres", "url", /%23/],
    ["a raw / after digits", "postgresql://postgres:12/secret@host:5432/postgres", "url", /%2F/],
    ["a raw % in the password", "postgresql://postgres:secret%zz@host/postgres", "url", /%25/],
    ["no host", "postgresql:///postgres", "url", /names no host/],
    [
      "the placeholder",
      "postgresql://postgres:[YOUR-PASSWORD]@db.ref.supabase.co:5432/postgres",
      "password",
      /placeholder/,
    ],
    [
      "transaction mode",
      `postgresql://postgres.ref:secret@${pooler}:6543/postgres`,
      "pooler",
      /transaction mode.*use port 5432/,
    ],
    [
      "the pooler without a project",
      `postgresql://postgres:secret@${pooler}:5432/postgres`,
      "user",
      /postgres\.<project-ref>/,
    ],
    [
      "an unknown sslmode",
      "postgresql://postgres:secret@host/postgres?sslmode=on",
      "tls",
      /none of/,
    ],
  ];

  test.each(cases)("%s", (_title, url, part, words) => {
    const error = failureOf(url);

    expect(error.part).toBe(part);
    expect(error.message).toMatch(words);
    expect(error.message).toMatch(/^[A-Z].*\.$/s);
    expect(`${error.message} ${error.stack}`).not.toMatch(/se#?cret/);
  });
});

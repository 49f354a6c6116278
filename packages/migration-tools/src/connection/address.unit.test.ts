import { expect, test } from "vitest";
import { describeAddress, parseAddress } from "./address.ts";

const pooler = "aws-0-eu-central-1.pooler.supabase.com";

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

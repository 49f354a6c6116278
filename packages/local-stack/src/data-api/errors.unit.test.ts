import { expect, test } from "vitest";
import { anonymous, serviceRole } from "../caller.ts";
import { isConnectionError } from "../sql/connection-error.ts";
import { databaseErrorResponse, statusOf } from "./errors.ts";

// PostgREST, "HTTP status codes" of its reference on errors.
test.each([
  ["08006", 503],
  ["0L000", 403],
  ["0P000", 403],
  ["21000", 500],
  ["22P02", 400],
  ["23502", 400],
  ["23503", 409],
  ["23505", 409],
  ["25006", 405],
  ["25P02", 500],
  ["28000", 403],
  ["40001", 500],
  ["42501", 403],
  ["42703", 400],
  ["42883", 404],
  ["42P01", 404],
  ["42P17", 500],
  ["53300", 503],
  ["53400", 500],
  ["57014", 500],
  ["P0001", 400],
  ["P0002", 500],
  ["PT402", 402],
  ["SL001", 400],
  ["XX000", 500],
])("SQLSTATE %s is status %i", (code, status) => {
  expect(statusOf(code, "", serviceRole)).toBe(status);
});

test("a lack of privilege is 401 for anonymous callers", () => {
  expect(statusOf("42501", "", anonymous)).toBe(401);
});

test("a lost connection is 503, a fault of our own is none of these", async () => {
  const lost = new Error("Connection terminated unexpectedly");

  expect(isConnectionError(lost)).toBe(true);
  expect(databaseErrorResponse(lost, anonymous)?.status).toBe(503);
  expect(databaseErrorResponse(new TypeError("x is undefined"), anonymous)).toBeNull();
});

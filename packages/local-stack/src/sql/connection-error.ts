import pg from "pg";
import { systemCode } from "../stack-error.ts";

/** Whether the connection failed, not the statement: Postgres is starting, stopping or gone. */
export function isConnectionError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return /^(08|57P0[123])/.test(error.code ?? "");
  if (/^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(systemCode(error) ?? "")) return true;
  // The driver gives these no code.
  return /^Connection terminated|timeout exceeded when trying to connect|not queryable/.test(
    error.message,
  );
}

import { expect, test } from "vitest";
import { explainPostgresOutput } from "./cluster.ts";

test.each([
  [
    'FATAL:  lock file "postmaster.pid" already exists\nHINT:  Is another postmaster running?',
    "stack_running",
    "Another Postgres is using /data",
  ],
  [
    'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets',
    "port_in_use",
    "--db-port",
  ],
  [
    "FATAL:  database files are incompatible with server",
    "data_version_mismatch",
    "Start once with --reset",
  ],
  [
    'LOG:  starting\nFATAL:  could not load library "x"\nLOG:  database system is shut down',
    "postgres_failed",
    'It failed: FATAL:  could not load library "x"',
  ],
])("%#: the reason is found in what Postgres printed", (output, code, sentence) => {
  const error = explainPostgresOutput(output, "/data", "It failed");

  expect(error.code).toBe(code);
  expect(error.message).toContain(sentence);
  expect(error.detail).toBe(output);
});

import { expect, test } from "vitest";
import { explainFullDisk, StackError } from "./stack-error.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test.each([
  ["a write of ours", systemError("ENOSPC")],
  ["a statement", systemError("53100")],
  [
    "what the database printed",
    new StackError("postgres_failed", "Postgres did not start", {
      detail: 'FATAL: could not write lock file "postmaster.pid": No space left on device',
    }),
  ],
])("a full disk is recognised from %s", (_from, error) => {
  expect(explainFullDisk(error, "/somewhere")).toMatchObject({
    code: "disk_full",
    message: expect.stringContaining("The disk that holds /somewhere is full"),
  });
});

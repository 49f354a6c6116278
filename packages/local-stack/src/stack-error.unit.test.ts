import { expect, test } from "vitest";
import { explainFileError, explainFullDisk, StackError } from "./stack-error.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test.each(["EACCES", "EROFS", "ENOTDIR"])("%s is a folder that cannot be written", (code) => {
  expect(explainFileError(systemError(code), "/somewhere")).toMatchObject({
    code: "dir_not_writable",
    message: expect.stringContaining("Cannot write to /somewhere"),
  });
});

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

test("other errors stay what they are", () => {
  const other = new Error("something else");

  expect(explainFileError(other, "/somewhere")).toBe(other);
  expect(explainFullDisk(other, "/somewhere")).toBe(other);
});

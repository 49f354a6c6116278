import { expect, test } from "vitest";
import { nextVersion } from "./version.ts";

const now = new Date("2026-12-01T08:09:10.999Z");

test("a version is the time in UTC", () => {
  expect(nextVersion(null, now)).toBe("20261201080910");
  expect(nextVersion("20261101092000", now)).toBe("20261201080910");
});

test.each([
  ["the same second", "20261201080910", "20261201080911"],
  ["a clock that is behind", "20270101000000", "20270101000001"],
  ["the end of a year", "20271231235959", "20280101000000"],
  ["a time that does not exist", "20270101096000", "20270101100001"],
])("comes a second after the last one: %s", (_name, last, expected) => {
  expect(nextVersion(last, now)).toBe(expected);
  expect(expected > last).toBe(true);
});

import { expect, test } from "vitest";
import { readSchedule } from "./ticker.ts";

const at = (text: string) => new Date(text);

test("a seconds schedule is due that long after the last start, whenever it was looked at", () => {
  const schedule = readSchedule("5 seconds");
  const started = at("2026-01-01T00:00:00Z");
  const checked = at("2026-01-01T00:00:04Z");

  expect(schedule?.isDue(at("2026-01-01T00:00:04.5Z"), { started, checked })).toBe(false);
  expect(schedule?.isDue(at("2026-01-01T00:00:05Z"), { started, checked })).toBe(true);
});

test.each([
  ["*/5 * * * *", "2026-01-01T10:04:59Z", "2026-01-01T10:05:00Z"],
  ["30 2 * * 1", "2026-01-05T02:29:59Z", "2026-01-05T02:30:00Z"],
  ["0 0 $ * *", "2026-02-27T23:59:59Z", "2026-02-28T00:00:00Z"],
  ["@hourly", "2026-01-01T10:59:59Z", "2026-01-01T11:00:00Z"],
])("%s is due once its UTC time has come", (text, before, then) => {
  const schedule = readSchedule(text);
  const started = at("2025-01-01T00:00:00Z");
  const since = { started, checked: new Date(at(before).getTime() - 1000) };

  expect(schedule?.isDue(at(before), since)).toBe(false);
  expect(schedule?.isDue(at(then), { started, checked: at(before) })).toBe(true);
  expect(schedule?.isDue(at(then), { started, checked: at(then) })).toBe(false);
});

test("what is no schedule is null", () => {
  expect(readSchedule("sometimes")).toBeNull();
});

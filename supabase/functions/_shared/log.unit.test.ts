import { describe, expect, test } from "vitest";
import { createLog } from "./log.ts";

function logTo(lines: string[]) {
  return createLog({
    write: (line) => lines.push(line),
    now: () => new Date("2026-11-01T10:00:00Z"),
    secrets: ["topsecretvalue", "short"],
  });
}

describe("createLog", () => {
  test("writes one JSON object a line, with the fields of its parents", () => {
    const lines: string[] = [];

    logTo(lines).with({ function: "ssmlWorker" }).with({ id: 7 }).info("item.settled", { ms: 12 });

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        time: "2026-11-01T10:00:00.000Z",
        level: "info",
        event: "item.settled",
        function: "ssmlWorker",
        id: 7,
        ms: 12,
      },
    ]);
  });

  test("blanks known secrets and anything shaped like a credential, wherever they are", () => {
    const lines: string[] = [];
    const jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

    logTo(lines).error("request topsecretvalue", {
      error_at: `at sb_secret_abc-DEF ${jwt} AIzaSyA1234567890abcdefghijk`,
    });

    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      event: "request [redacted]",
      error_at: "at [redacted] [redacted] [redacted]",
    });
  });

  test("does not blank ordinary words for a short stand-in key", () => {
    const lines: string[] = [];

    logTo(lines).info("short");

    expect(lines[0]).toContain('"event":"short"');
  });
});

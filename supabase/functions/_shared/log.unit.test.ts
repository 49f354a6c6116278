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

  test.each([
    ["an API key", "API key AIzaSyA1234567890abcdefghijklmnop is bad", "API key [redacted] is bad"],
    ["our own secret", "got topsecretvalue", "got [redacted]"],
    [
      "a console's address and a project",
      "Enable it at https://console.test/apis?project=1234567890 for project 1234567890.",
      "Enable it at [address] for project [number].",
    ],
    ["what it was sent", 'Invalid SSML: "Bend your knees" is wrong', 'Invalid SSML: "…" is wrong'],
    ["nothing of a plain name", "Voice 'en-US-X' is unknown", "Voice 'en-US-X' is unknown"],
    ["lines", "a\n\tb\u0000c", "a b c"],
    ["what is too long", "x".repeat(2000), `${"x".repeat(300)}…`],
  ])("keeps out of a provider's words %s", (_what, detail, logged) => {
    const lines: string[] = [];

    logTo(lines).warn("item.interrupted", { detail });

    expect(JSON.parse(lines[0] ?? "").detail).toBe(logged);
  });
});

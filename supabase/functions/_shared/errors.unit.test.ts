import { describe, expect, test } from "vitest";
import { DatabaseError, describeError, StageError, settle } from "./errors.ts";

describe("settle", () => {
  test("retries what is retryable and gives up on what is not", () => {
    const unavailable = new StageError("Down.", { code: "provider_unavailable", retryable: true });
    const empty = new StageError("Empty.", { code: "video_empty", retryable: false });

    expect(settle(unavailable)).toMatchObject({ action: "fail", retryable: true });
    expect(settle(empty)).toMatchObject({ action: "fail", retryable: false, message: "Empty." });
  });

  test("defers when the provider named a wait, even of no seconds", () => {
    const limited = new StageError("Slow.", {
      code: "provider_rate_limited",
      retryable: true,
      retryAfterSeconds: 0,
    });

    expect(settle(limited)).toMatchObject({ action: "defer", retryAfterSeconds: 0 });
  });

  test("retries the unforeseen without showing its message to the owner", () => {
    const settlement = settle(new TypeError("secret of a user"));

    expect(settlement).toMatchObject({ code: "internal_error", retryable: true });
    expect(settlement.message).not.toContain("secret");
  });

  test("keeps the owner's sentence to one line of bounded length", () => {
    const long = new StageError(`a\n\tb ${"x".repeat(1000)}`, {
      code: "video_unreadable",
      retryable: false,
    });

    expect(settle(long).message).toMatch(/^a b x{495}…$/);
  });

  test("keeps out of it what the database could not store", () => {
    const message = (text: string) =>
      settle(new StageError(text, { code: "provider_rejected", retryable: false })).message;

    expect(message("a\u0000b")).toBe("a b");
    expect(message(`${"x".repeat(498)}\u{1F600}x`).isWellFormed()).toBe(true);
  });
});

describe("describeError", () => {
  test("logs codes and places, never an unknown error's message", () => {
    expect(describeError(new DatabaseError("claim_ssml", "42501"))).toEqual({
      code: "internal_error",
      error_name: "claim_ssml failed with 42501",
    });
    const described = describeError(new RangeError("what the user wrote"));
    expect(described).toMatchObject({ code: "internal_error", error_name: "RangeError" });
    expect(described.error_at).toContain("errors.unit.test");
    expect(JSON.stringify(described)).not.toContain("user wrote");
  });
});

import { describe, expect, test } from "vitest";
import { DatabaseError, describeError, StageError, settle } from "./errors.ts";

describe("settle", () => {
  test.each(["retry", "fail", "defer", "send_back"] as const)(
    "hands on that an item is to %s",
    (fate) => {
      const settlement = settle(new StageError("So.", { code: "audio_invalid", fate }));

      expect(settlement).toMatchObject({ fate, code: "audio_invalid", message: "So." });
    },
  );

  test("hands on how long a provider asked to wait, even no seconds, and for how long at most", () => {
    const options = { code: "video_missing", fate: "defer", withinSeconds: 600 } as const;

    expect(settle(new StageError("Slow.", { ...options, retryAfterSeconds: 0 }))).toMatchObject({
      retryAfterSeconds: 0,
      withinSeconds: 600,
    });
    expect(settle(new StageError("Slow.", options)).retryAfterSeconds).toBeUndefined();
  });

  test("retries the unforeseen without showing its message to the owner", () => {
    const settlement = settle(new TypeError("secret of a user"));

    expect(settlement).toMatchObject({ code: "internal_error", fate: "retry" });
    expect(settlement.message).not.toContain("secret");
  });

  test("keeps the owner's sentence to one line of bounded length", () => {
    const long = new StageError(`a\n\tb ${"x".repeat(1000)}`, {
      code: "video_unreadable",
      fate: "fail",
    });

    expect(settle(long).message).toMatch(/^a b x{495}…$/);
  });

  test("keeps out of it what the database could not store", () => {
    const message = (text: string) =>
      settle(new StageError(text, { code: "provider_rejected", fate: "fail" })).message;

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

import { errorSentences, videoFaults } from "@sideline/contracts";
import { describe, expect, test } from "vitest";
import { DatabaseError, describeError, StageError, settle } from "./errors.ts";

describe("settle", () => {
  test.each(["retry", "fail", "defer", "send_back"] as const)(
    "hands on that an item is to %s",
    (fate) => {
      expect(settle(new StageError("audio_invalid", fate))).toMatchObject({
        fate,
        code: "audio_invalid",
        message: errorSentences.audio_invalid,
      });
    },
  );

  test("hands on how long a provider asked to wait, even no seconds, and for how long at most", () => {
    const options = { withinSeconds: 600 };
    const slow = (more = {}) =>
      settle(new StageError("video_missing", "defer", { ...options, ...more }));

    expect(slow({ retryAfterSeconds: 0 })).toMatchObject({
      retryAfterSeconds: 0,
      withinSeconds: 600,
    });
    expect(slow().retryAfterSeconds).toBeUndefined();
  });

  test("retries the unforeseen without showing its message to the owner", () => {
    const settlement = settle(new TypeError("secret of a user"));

    expect(settlement).toMatchObject({ code: "internal_error", fate: "retry" });
    expect(settlement.message).toBe(errorSentences.internal_error);
  });

  test("says of a video what is wrong with it, in our words, and nothing that a provider said", () => {
    const error = new StageError("video_unreadable", "fail", {
      videoFault: "sound_only",
      detail: "projects/123456789: see https://console.cloud.test/?key=abc",
    });

    expect(settle(error).message).toBe(videoFaults.sound_only);
  });

  test("every sentence is one, and short", () => {
    for (const sentence of [...Object.values(errorSentences), ...Object.values(videoFaults)]) {
      expect(sentence).toMatch(/^[A-Z][^.!?\n]{8,140}\.$/);
    }
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

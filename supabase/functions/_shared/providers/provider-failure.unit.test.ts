import { describe, expect, test } from "vitest";
import { failureOf } from "./provider-failure.ts";

const failure = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  failureOf("Gemini", {
    ...{ ok: false, status, ms: 1 },
    headers: new Headers(headers),
    text: JSON.stringify(body),
  });

describe("how long a provider wants us to wait", () => {
  test.each([
    ["7", 7],
    ["1.5", 1.5],
    ["99999999999", 86_400],
    ["Fri, 31 Dec 9999 23:59:59 GMT", 86_400],
    ["0", undefined],
    ["-5", undefined],
    ["5, 10", undefined],
    ["soon", undefined],
    ["Wed, 21 Oct 2015 07:28:00 GMT", undefined],
  ])("is what Retry-After %j says, or nobody knows", (header, seconds) => {
    const { retryAfterSeconds } = failure(503, {}, { "retry-after": header });

    expect(retryAfterSeconds).toBe(seconds);
  });

  test("is our own to say where it says not at all", () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "0s" }];

    expect(failure(429, { error: { details } }).retryAfterSeconds).toBeUndefined();
  });
});

test("an error in an array is one", () => {
  const error = { message: "API key not valid.", details: [{ reason: "API_KEY_INVALID" }] };

  expect(failure(400, [{ error }])).toMatchObject({ code: "provider_key_invalid", fate: "fail" });
});

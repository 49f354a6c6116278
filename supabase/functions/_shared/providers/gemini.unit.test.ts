import { errorSentences } from "@sideline/contracts";
import { describe, expect, test } from "vitest";
import { ask, errorOf, geminiThat, reply } from "../testing/gemini-that.ts";
import { jsonBody } from "../testing/http-server.ts";
import { createGemini } from "./gemini.ts";

describe("a request", () => {
  test("carries key, instructions, data and schema where they belong", async () => {
    const { gemini, received } = await geminiThat(() => reply([{ text: "{}" }]));

    await gemini.generate(ask());

    const [request] = received;
    if (!request) throw new Error("Nothing was sent.");
    expect(request.path).toBe("/v1beta/models/gemini-x:generateContent");
    expect(request.path).not.toContain("the-key");
    expect(request.headers.get("x-goog-api-key")).toBe("the-key");
    expect(jsonBody(request)).toMatchObject({
      systemInstruction: { parts: [{ text: "Watch." }] },
      contents: [{ role: "user", parts: [{ text: '{"task":"analysis"}' }] }],
      generationConfig: {
        responseMimeType: "application/json",
        responseSchema: { type: "object" },
      },
    });
  });
});

describe("a reply", () => {
  test("is its parts without the thoughts, under the model's own name", async () => {
    const { gemini } = await geminiThat(() =>
      reply([{ text: "hmm", thought: true }, { text: '{"a"' }, { text: ":1}" }], "STOP", {
        modelVersion: "offline-1",
      }),
    );

    expect(await gemini.generate(ask())).toMatchObject({ text: '{"a":1}', model: "offline-1" });
  });

  test.each(["<b>gemini</b>", "x".repeat(101), "a\nb", ""])(
    "does not get a name like %j into the records",
    async (modelVersion) => {
      const { gemini } = await geminiThat(() => reply([{ text: "{}" }], "STOP", { modelVersion }));

      expect((await gemini.generate(ask())).model).toBe("gemini-x");
    },
  );

  test("that was cut off is asked for once more with a larger budget", async () => {
    const { gemini, received } = await geminiThat((_request, call) =>
      call === 1 ? reply([{ text: '{"half' }], "MAX_TOKENS") : reply([{ text: "{}" }]),
    );

    expect(await gemini.generate(ask())).toMatchObject({ text: "{}", model: "gemini-x" });
    const budgets = received
      .map((request) => JSON.stringify(jsonBody(request)))
      .map((body) => /"maxOutputTokens":(\d+)/.exec(body)?.[1]);
    expect(budgets).toEqual(["16384", "65536"]);
  });

  test.each([
    ["cut off twice", [{ text: '{"half' }], "MAX_TOKENS", "reply_invalid", "retry"],
    ["malformed", [{ text: "" }], "MALFORMED_RESPONSE", "reply_invalid", "retry"],
    ["of thoughts alone", [{ text: "hmm", thought: true }], "STOP", "reply_invalid", "retry"],
    ["without parts", [], "STOP", "reply_invalid", "retry"],
    ["unsafe", [{ text: "{}" }], "SAFETY", "provider_blocked", "fail"],
    ["prohibited", [], "PROHIBITED_CONTENT", "provider_blocked", "fail"],
    ["recited", [{ text: "{}" }], "RECITATION", "provider_blocked", "fail"],
    ["personal", [], "SPII", "provider_blocked", "fail"],
    ["on the blocklist", [], "BLOCKLIST", "provider_blocked", "fail"],
  ])("%s is an error", async (_what, parts, finishReason, code, fate) => {
    const { gemini } = await geminiThat(() => reply(parts, finishReason));

    expect(await errorOf(gemini.generate(ask()))).toMatchObject({ code, fate });
  });

  test("to a blocked prompt is an error, though its status is 200", async () => {
    const { gemini } = await geminiThat(() =>
      Response.json({ promptFeedback: { blockReason: "SAFETY" } }),
    );

    expect(await errorOf(gemini.generate(ask()))).toMatchObject({
      code: "provider_blocked",
      detail: "Gemini blocked the request (SAFETY)",
    });
  });

  test("that is no JSON, or holds no candidate, can be asked for again", async () => {
    const { gemini } = await geminiThat((_request, call) =>
      call === 1 ? new Response("<html>") : Response.json({}),
    );

    expect((await errorOf(gemini.generate(ask()))).fate).toBe("defer");
    expect((await errorOf(gemini.generate(ask()))).fate).toBe("retry");
  });
});

describe("an error answer", () => {
  const problem = (code: number, message: string, details?: readonly object[]): Response =>
    Response.json({ error: { code, message, details } }, { status: code });
  const badKey = [
    { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" },
  ];
  const retryIn = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "19.4s" }];
  const daily = [
    { "@type": "t/google.rpc.QuotaFailure", violations: [{ quotaId: "GenerateRequestsPerDay" }] },
    ...retryIn,
  ];

  test.each([
    ["429 with RetryInfo", 429, retryIn, "provider_rate_limited", "defer", 19.4],
    ["429 without details", 429, undefined, "provider_rate_limited", "defer", undefined],
    ["429 of a daily quota", 429, daily, "provider_quota_exceeded", "defer", 3600],
    ["400 for a bad key", 400, badKey, "provider_key_invalid", "fail", undefined],
    ["401", 401, undefined, "provider_key_invalid", "fail", undefined],
    ["400 otherwise", 400, undefined, "provider_rejected", "fail", undefined],
    ["402", 402, undefined, "provider_quota_exceeded", "defer", undefined],
    ["403 for a lost file", 403, undefined, "provider_rejected", "retry", undefined],
    ["404 for a model", 404, undefined, "provider_rejected", "fail", undefined],
    ["408", 408, undefined, "provider_unavailable", "defer", undefined],
    ["500", 500, undefined, "provider_unavailable", "defer", undefined],
    ["503", 503, undefined, "provider_unavailable", "defer", undefined],
  ] as const)("%s", async (_what, status, details, code, fate, retryAfterSeconds) => {
    const { gemini } = await geminiThat(() => problem(status, "Because.", details));

    const error = await errorOf(gemini.generate(ask()));

    expect({ ...error }).toMatchObject({ code, fate, retryAfterSeconds });
    expect(error.detail).toBe(`Gemini answered with status ${status}: Because.`);
    expect(error.message).toBe(errorSentences[code]);
  });

  test("a body that is not JSON is an error by its status all the same", async () => {
    const { gemini } = await geminiThat(() => new Response("<html>", { status: 502 }));

    expect(await errorOf(gemini.generate(ask()))).toMatchObject({
      code: "provider_unavailable",
      detail: "Gemini answered with status 502",
    });
  });
});

describe("time", () => {
  const never = () => new Promise<Response>(() => undefined);

  test("a silent provider is given up on", async () => {
    const { gemini } = await geminiThat(never);

    expect(await errorOf(gemini.generate(ask({ timeoutMs: 50 })))).toMatchObject({
      code: "provider_unavailable",
      fate: "defer",
      detail: "Gemini did not answer in time",
    });
  });

  test("a call that ended leaves no timer that keeps the process alive", async () => {
    const { gemini } = await geminiThat(() => reply([{ text: "{}" }]));
    const timers = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();

    await gemini.generate(ask({ timeoutMs: 600_000 }));

    expect(timers()).toBeLessThanOrEqual(before);
  });

  test("an abort ends the call with its own reason", async () => {
    const { gemini } = await geminiThat(never);
    const abort = new AbortController();

    const call = gemini.generate(ask({ signal: abort.signal }));
    abort.abort(new Error("shutting down"));

    await expect(call).rejects.toThrow("shutting down");
  });

  test("a signal that was aborted before sends nothing", async () => {
    const { gemini, received } = await geminiThat(() => reply([{ text: "{}" }]));

    await expect(gemini.generate(ask({ signal: AbortSignal.abort() }))).rejects.toThrow();
    expect(received).toEqual([]);
  });

  test("a provider that is not there is unavailable", async () => {
    const gemini = createGemini({ apiKey: "k", baseUrl: "http://127.0.0.1:1", model: "m", fetch });

    expect(await errorOf(gemini.generate(ask()))).toMatchObject({
      code: "provider_unavailable",
      fate: "defer",
      detail: "Gemini could not be reached",
    });
  });
});

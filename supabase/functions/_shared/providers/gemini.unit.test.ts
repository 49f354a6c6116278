import { errorSentences } from "@sideline/contracts";
import { describe, expect, test } from "vitest";
import { ask, errorOf, geminiThat, reply } from "../testing/gemini-that.ts";
import { jsonBody } from "../testing/http-server.ts";

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
    ["malformed", [{ text: "" }], "MALFORMED_RESPONSE", "reply_invalid", "retry"],
    ["of thoughts alone", [{ text: "hmm", thought: true }], "STOP", "reply_invalid", "retry"],
    ["without parts", [], "STOP", "reply_invalid", "retry"],
    ["prohibited", [], "PROHIBITED_CONTENT", "provider_blocked", "fail"],
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
  const retryIn = [{ retryDelay: "19.4s" }];
  test.each([
    [429, retryIn, "provider_rate_limited", 19.4],
    [408, undefined, "provider_unavailable", undefined],
  ] as const)(
    "of %i keeps the provider's words for the log",
    async (status, details, code, wait) => {
      const { gemini } = await geminiThat(() =>
        Response.json({ error: { code: status, message: "Because.", details } }, { status }),
      );

      const error = await errorOf(gemini.generate(ask()));

      expect({ ...error }).toMatchObject({ code, fate: "defer", retryAfterSeconds: wait });
      expect(error.detail).toBe(`Gemini answered with status ${status}: Because.`);
      expect(error.message).toBe(errorSentences[code]);
    },
  );

  test("whose body is not JSON is an error by its status all the same", async () => {
    const { gemini } = await geminiThat(() => new Response("<html>", { status: 502 }));

    expect(await errorOf(gemini.generate(ask()))).toMatchObject({
      code: "provider_unavailable",
      detail: "Gemini answered with status 502",
    });
  });
});

describe("time", () => {
  test("a call that ended leaves no timer that keeps the process alive", async () => {
    const { gemini } = await geminiThat(() => reply([{ text: "{}" }]));
    const timers = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();

    await gemini.generate(ask({ timeoutMs: 600_000 }));

    expect(timers()).toBeLessThanOrEqual(before);
  });

  test("a signal that was aborted before sends nothing", async () => {
    const { gemini, received } = await geminiThat(() => reply([{ text: "{}" }]));

    await expect(gemini.generate(ask({ signal: AbortSignal.abort() }))).rejects.toThrow();
    expect(received).toEqual([]);
  });
});

import { ssmlReplySchema } from "@sideline/contracts";
import { describe, expect, test } from "vitest";
import { toGeminiSchema } from "../providers/gemini-schema.ts";
import { ask, errorOf, geminiThat, reply } from "../testing/gemini-that.ts";
import { memoryLedger } from "../testing/memory-ledger.ts";

describe("the ledger", () => {
  const usageMetadata = { promptTokenCount: 900, candidatesTokenCount: 30, thoughtsTokenCount: 12 };
  const whole = () =>
    reply([{ text: "{}" }], "STOP", {
      usageMetadata,
      responseId: "r1",
      modelVersion: "gemini-x-1",
    });

  test("gets what a call used, and what it was answered", async () => {
    const { gemini } = await geminiThat(whole);
    const ledger = memoryLedger();

    await gemini.generate(ask({ ledger }));

    expect(ledger.asked()).toBe(true);
    expect(ledger.calls).toEqual([
      {
        provider: "gemini",
        model: "gemini-x-1",
        input_tokens: 900,
        output_tokens: 30,
        thought_tokens: 12,
        response_id: "r1",
        ms: expect.any(Number),
        request_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        answer: { text: "{}", model: "gemini-x-1", context: null },
        refused: null,
      },
    ]);
  });

  test("answers the same question, whatever its file is called by now, and nobody is asked", async () => {
    const { gemini, received } = await geminiThat(whole);
    const { calls } = memoryLedger();
    const generate = (fileUri: string) => {
      const parts = [{ fileData: { mimeType: "video/mp4", fileUri } }];
      const contents = async () => ({ contents: [{ role: "user", parts }], context: 20 });
      const ledger = memoryLedger(calls);
      const asked = gemini.generate(ask({ ledger, asks: ["version-1"], contents }));
      return asked.then(({ context }) => [context, ledger.asked()]);
    };

    expect(await generate("files/a")).toEqual([20, true]);
    expect(await generate("files/b")).toEqual([20, false]);
    expect([received.length, calls.length]).toEqual([1, 1]);
  });

  test.each([
    ["words", { asks: "other" }],
    ["instructions", { system: "Listen." }],
    ["schema", { responseSchema: toGeminiSchema(ssmlReplySchema) }],
  ])("has no answer to other %s", async (_what, other) => {
    const { gemini, received } = await geminiThat(whole);
    const ledger = memoryLedger();

    await gemini.generate(ask({ ledger }));
    await gemini.generate(ask({ ledger, ...other }));

    expect(received).toHaveLength(2);
  });

  test.each([
    ["unsafe", () => reply([], "SAFETY", { usageMetadata }), "provider_blocked"],
    ["cut off", () => reply([{ text: "{" }], "MAX_TOKENS", { usageMetadata }), "reply_invalid"],
  ])("knows a reply that was paid for and is no use, as it was %s", async (_what, answer, code) => {
    const { gemini, received } = await geminiThat(answer);
    const ledger = memoryLedger();

    expect((await errorOf(gemini.generate(ask({ ledger })))).code).toBe(code);

    expect(ledger.calls.map(({ refused, answer: kept }) => [refused, kept])).toEqual(
      received.map(() => [code, null]),
    );
    expect(ledger.calls[0]).toMatchObject({ input_tokens: 900, output_tokens: 30 });
  });

  test("says what it does not know, and counts no output of a prompt that was blocked", async () => {
    const strange = { promptTokenCount: -1, candidatesTokenCount: "7" };
    const { gemini } = await geminiThat((_request, call) =>
      call === 1
        ? reply([{ text: "{}" }], "STOP", { usageMetadata: strange, responseId: 7 })
        : Response.json({
            promptFeedback: { blockReason: "SAFETY" },
            usageMetadata: { promptTokenCount: 900 },
          }),
    );
    const ledger = memoryLedger();

    await gemini.generate(ask({ ledger, asks: 1 }));
    await errorOf(gemini.generate(ask({ ledger, asks: 2 })));

    expect(ledger.calls).toMatchObject([
      { refused: null },
      { input_tokens: 900, output_tokens: 0, refused: "provider_blocked" },
    ]);
    const unknown = { input_tokens: undefined, output_tokens: undefined, response_id: undefined };
    expect(ledger.calls[0]).toMatchObject(unknown);
  });

  test("gets nothing that no column holds", async () => {
    const usageMetadata = { promptTokenCount: 2 ** 31, candidatesTokenCount: 1e300 };
    const responseId = "r\u0000\ud83d";
    const { gemini } = await geminiThat(() =>
      reply([{ text: "{}\u0000" }], "STOP", { usageMetadata, responseId }),
    );
    const ledger = memoryLedger();

    await gemini.generate(ask({ ledger }));

    expect(ledger.calls).toMatchObject([{ answer: { text: "{} " }, response_id: "r \ufffd" }]);
    expect(ledger.calls[0]).toMatchObject({ input_tokens: undefined, output_tokens: undefined });
  });

  test("has no row for a call that costs nothing", async () => {
    const { gemini } = await geminiThat(() => new Response("{}", { status: 503 }));
    const ledger = memoryLedger();

    await errorOf(gemini.generate(ask({ ledger })));

    expect(ledger.calls).toEqual([]);
    expect(ledger.asked(), "it was asked all the same").toBe(true);
  });
});

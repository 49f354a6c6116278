import { usualCoach } from "@sideline/contracts";
import { describe, expect, test } from "vitest";
import { StageError } from "../_shared/errors.ts";
import { ssmlClaim } from "../_shared/testing/claims.ts";
import { recordedAttempt } from "../_shared/testing/recorded-attempt.ts";
import { scriptedGemini } from "../_shared/testing/scripted-gemini.ts";
import { system } from "./prompt.ts";
import { writeSsml } from "./write-ssml.ts";

const good = {
  ssml: '<speak><p><s>Bend your <emphasis level="strong">knees</emphasis> more before you jump.</s></p><p><s>Do ten slow squats.</s></p></speak>',
};
const injected = { ssml: "<speak>Send all your money to this account, now and here.</speak>" };
const broken = { ssml: "<speak><p>Bend your knees" };
const template = {
  provider: "template",
  version: "template-2",
  segments: [
    {
      segment_index: 0,
      ssml: '<speak><p><s>Bend your knees more before you jump.</s></p><break time="500ms"/><p><s>Do ten slow squats.</s></p></speak>',
    },
  ],
};

function write(...replies: Parameters<typeof scriptedGemini>) {
  const gemini = scriptedGemini(...replies);
  return { gemini, result: writeSsml({ gemini }, ssmlClaim, recordedAttempt()) };
}

const blocked = (code: "provider_blocked" | "reply_invalid" | "provider_rate_limited") =>
  new StageError(code, "fail");

describe("writeSsml", () => {
  test("keeps good markup and names the model", async () => {
    const { gemini, result } = write(good);

    expect(await result).toEqual({
      provider: "gemini",
      version: "model-1",
      segments: [{ segment_index: 0, ssml: good.ssml }],
    });
    expect(gemini.asked).toHaveLength(1);
  });

  test.each([
    ["bare", good.ssml],
    ["in a fence", `\`\`\`xml\n${good.ssml}\n\`\`\``],
    ["in a fence of JSON", `\`\`\`json\n${JSON.stringify(good)}\n\`\`\``],
    ["behind an XML declaration", { ssml: `<?xml version="1.0"?>\n${good.ssml}` }],
    ["in prose and an array", `Here: ${JSON.stringify([good])}.`],
  ])("takes markup %s", async (_what, reply) => {
    const { gemini, result } = write(reply);

    expect((await result).segments).toEqual([{ segment_index: 0, ssml: good.ssml }]);
    expect(gemini.asked).toHaveLength(1);
  });

  test("hands the message over as data; the instructions are always the same", async () => {
    const { gemini, result } = write(good);
    await result;

    const [request] = gemini.asked;
    expect(request?.system).toBe(system);
    expect(request?.system).not.toContain(ssmlClaim.message);
    expect(JSON.parse(request?.contents[0]?.parts[0]?.text ?? "")).toEqual({
      task: "ssml",
      message: ssmlClaim.message,
      drill: ssmlClaim.drill,
      language: "en-US",
      style: "calm",
    });
  });

  test.each([
    ["broken markup", broken],
    ["speech of something else", injected],
    ["text that is no JSON", "Bend your knees more before you jump."],
    ["JSON of another shape", { markup: "" }],
  ])("has %s repaired once, telling the fault", async (_what, first) => {
    const { gemini, result } = write(first, good);

    expect((await result).provider).toBe("gemini");
    const repair = gemini.asked[1]?.contents;
    expect(repair?.map((content) => content.role)).toEqual(["user", "model", "user"]);
    expect(JSON.parse(repair?.[2]?.parts[0]?.text ?? "").fault).not.toBe("");
  });

  test.each([
    ["two unusable replies", [broken, injected]],
    ["a refusal", [blocked("provider_blocked")]],
    ["a refusal to repair", [broken, blocked("provider_blocked")]],
    ["a reply cut off twice", [blocked("reply_invalid")]],
  ])("says the message word for word by the template after %s", async (_what, replies) => {
    expect(await write(...replies).result).toEqual(template);
  });

  test("asks no model about what the speech provider refused, but says it plainly", async () => {
    const gemini = scriptedGemini(good);
    const claim = { ...ssmlClaim, refused: "Invalid SSML." };

    const result = await writeSsml({ gemini }, claim, recordedAttempt());

    expect(result).toEqual(template);
    expect(gemini.asked).toEqual([]);
  });

  test("does not fall back when the provider asks to wait", async () => {
    await expect(write(blocked("provider_rate_limited")).result).rejects.toMatchObject({
      code: "provider_rate_limited",
    });
  });

  test.each(["…!", "\u{1F44D}", " \u200b ", "\u3164", "ـــ"])(
    "says nothing of %j, and asks nobody",
    async (message) => {
      const gemini = scriptedGemini();
      const claim = { ...ssmlClaim, message, drill: null };

      const attempt = recordedAttempt();

      const result = await writeSsml({ gemini }, claim, attempt);

      expect(result.segments).toEqual([]);
      expect(attempt.ledger.asked()).toBe(false);
    },
  );

  test("says the exercise of a message without a word", async () => {
    const gemini = scriptedGemini(blocked("provider_blocked"));
    const claim = { ...ssmlClaim, message: "\u{1F44D}" };

    const result = await writeSsml({ gemini }, claim, recordedAttempt());

    expect(result.segments[0]?.ssml).toContain("Do ten slow squats.");
  });

  test.each([
    ["no voice speaks", { coach: { ...usualCoach, speaks: false } }],
    ["its voice cannot read", { message: "膝をもっと曲げてください。", drill: null }],
    ["no voice was chosen for", { message: "اثنِ ركبتيك", drill: null, coach: null }],
  ])("refuses a language that %s, and asks nobody", async (_what, other) => {
    const gemini = scriptedGemini();
    const work = writeSsml({ gemini }, { ...ssmlClaim, ...other }, recordedAttempt());

    await expect(work).rejects.toMatchObject({ code: "language_not_spoken", fate: "fail" });
  });

  test("has pauses that add up to minutes repaired", async () => {
    const pauses = '<break time="10s"/>'.repeat(200);
    const { gemini, result } = write({ ssml: good.ssml.replace("</p>", `${pauses}</p>`) }, good);

    expect((await result).provider).toBe("gemini");
    expect(gemini.asked[1]?.contents[2]?.parts[0]?.text).toContain("pauses");
  });

  test("cuts what a slow voice would take too long to say for one file", async () => {
    const message = "Bend your knees more before you jump, and then land softly. ".repeat(10);
    const gemini = scriptedGemini(blocked("provider_blocked"));
    const coach = { ...usualCoach, speaking_rate: 0.25 };
    const claim = { ...ssmlClaim, message, coach };

    const result = await writeSsml({ gemini }, claim, recordedAttempt());

    expect(result.segments.map(({ segment_index }) => segment_index)).toEqual([0, 1]);
  });
});

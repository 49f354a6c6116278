import { describe, expect, test } from "vitest";
import type { StageError } from "../_shared/errors.ts";
import { clip, remark, reply, setUp } from "../_shared/testing/analysis-situation.ts";
import { analysisClaim } from "../_shared/testing/claims.ts";
import { testClip } from "../_shared/testing/recordings.ts";
import { system } from "./prompt.ts";

const quicktime = await testClip("quicktime.mov");
const webm = await testClip("vp9.webm");
const soundOnly = await testClip("audio-only.mp4");

describe("analyseVideo", () => {
  test("sends the stored bytes to the provider and returns its checked reply", async () => {
    const { run, held } = setUp({});

    expect(await run()).toEqual({
      ...reply,
      note: null,
      model: "model-1",
      language: null,
      prompt_version: "analysis-4",
      duration_seconds: 20,
    });
    expect(held.get("files/a")).toEqual({
      bytes: new Uint8Array(clip),
      begun: null,
      size: clip.length,
      mimeType: "video/mp4",
      displayName: "recording-3",
    });
  });

  test("asks about that file, with data as JSON and instructions apart", async () => {
    const { run, gemini } = setUp({});
    await run();

    const [request] = gemini.asked;
    expect(request?.system).toBe(system);
    expect(request?.contents[0]?.parts[0]).toEqual({
      fileData: { mimeType: "video/mp4", fileUri: "https://provider/files/a" },
    });
    expect(JSON.parse(request?.contents[0]?.parts[1]?.text ?? "")).toEqual({
      task: "analysis",
      language: "en-US",
      duration_seconds: 20,
      brief: null,
    });
  });

  test("says that the model wrote another language than was asked for", async () => {
    const { run } = setUp({ replies: [{ ...reply, language: "de" }] });

    expect(await run()).toMatchObject({
      language: "de",
      note: "Written in German, since the model does not write English.",
    });
  });

  test("nothing to remark on is a good analysis", async () => {
    const { run } = setUp({ replies: [{ ...reply, feedback: [] }] });

    expect((await run()).feedback).toEqual([]);
  });

  test("cuts a moment at the measured end of the clip, whatever the client said", async () => {
    const { run } = setUp({ replies: [{ ...reply, feedback: [{ ...remark, end_seconds: 31 }] }] });

    expect((await run()).feedback).toMatchObject([{ start_seconds: 4, end_seconds: 20 }]);
  });

  test.each([
    ["text", "I think…", "not JSON"],
    [
      "no moment within the video",
      { ...reply, feedback: [{ ...remark, start_seconds: 25, end_seconds: 26 }] },
      "after the video's end",
    ],
    [
      "mostly strange severities",
      {
        ...reply,
        feedback: [remark, ...["awful", "bad"].map((severity) => ({ ...remark, severity }))],
      },
      "feedback.2.severity",
    ],
    ["no summary", { ...reply, summary: undefined }, "summary"],
  ])("has a reply with %s repaired, naming the fault", async (_what, first, fault) => {
    const { run, gemini, held } = setUp({ replies: [first, reply] });

    expect(await run()).toMatchObject({ feedback: [remark], note: null });
    const repair = gemini.asked[1]?.contents ?? [];
    expect(repair.map((content) => content.role)).toEqual(["user", "model", "user"]);
    expect(repair[2]?.parts[0]?.text).toContain(fault);
    expect(held.size, "one upload").toBe(1);
  });

  const bad = { ...remark, start_seconds: 9, message: "Backwards." };

  test("one bad remark is left out, with a note, and costs no second call", async () => {
    const { run, gemini } = setUp({ replies: [{ ...reply, feedback: [remark, bad] }] });

    expect(await run()).toMatchObject({
      feedback: [remark],
      note: "Left out because they broke the rules: 1 of 2 remarks.",
    });
    expect(gemini.asked).toHaveLength(1);
  });

  test("when most are bad the rest is repaired, and what then is bad is left out", async () => {
    const first = { ...reply, feedback: [remark, bad, bad] };
    const second = { ...reply, feedback: [remark, remark, bad] };
    const { run } = setUp({ replies: [first, second] });

    expect(await run()).toMatchObject({
      feedback: [remark, remark],
      note: "Left out because they broke the rules: 1 of 3 remarks.",
    });
  });

  test("what was good of a reply is kept when its repair is of no use", async () => {
    const { run } = setUp({ replies: [{ ...reply, feedback: [remark, bad, bad] }, "Sorry."] });

    expect(await run()).toMatchObject({
      feedback: [remark],
      note: "Left out because they broke the rules: 2 of 3 remarks.",
    });
  });

  test("two replies that break the rules are a failure, not half an analysis", async () => {
    const { run } = setUp({ replies: ["no", "no"] });

    await expect(run()).rejects.toMatchObject({ code: "reply_invalid", fate: "retry" });
  });

  test.each([
    ["an empty file", { object: { bytes: new Uint8Array() } }, "video_empty"],
    ["a file that is too large", { object: { size: 600 * 1024 * 1024 } }, "file_too_large"],
    ["a file the provider cannot read", { unreadable: true }, "video_unreadable"],
    ["a clip of two hours", { duration: "7200s" }, "video_too_long"],
    ["a file without any length", { duration: null }, "no error"],
  ])("%s", async (_what, situation, code) => {
    const { run, held, deleted, attempt } = setUp(situation);

    const outcome = await run().then(
      () => "no error",
      (error: StageError) => (error.fate === "fail" ? error.code : error.fate),
    );
    await attempt.end();

    expect(outcome).toBe(code);
    expect(deleted).toEqual([...held.keys()]);
  });

  test("the length is measured where the provider names none, and never the client's", async () => {
    const { run, gemini } = setUp({ duration: null });

    expect(await run({ ...analysisClaim, duration_seconds: 3 })).toMatchObject({
      duration_seconds: 20,
    });
    expect(gemini.asked[0]?.contents[0]?.parts[1]?.text).toContain('"duration_seconds":20');
  });

  test.each([
    ["application/octet-stream", clip, "video/mp4"],
    ["Video/MP4; codecs=avc1", clip, "video/mp4"],
    [null, quicktime, "video/mov"],
    ["video/mp4", webm, "video/webm"],
  ])(
    "whatever the client calls it (%s), the bytes say the type",
    async (mime_type, bytes, type) => {
      const { run, gemini, held } = setUp({ object: { bytes } });

      await run({ ...analysisClaim, mime_type });

      expect(held.get("files/a")?.mimeType).toBe(type);
      expect(gemini.asked[0]?.contents[0]?.parts[0]).toMatchObject({
        fileData: { mimeType: type },
      });
    },
  );

  test.each([
    ["a text", new TextEncoder().encode("This is no video. ".repeat(300)), "not a video"],
    ["half a video", clip.slice(0, 60_000), "cut off"],
    ["sound alone", soundOnly, "sound only"],
  ])("of %s nothing is uploaded", async (_what, bytes, sentence) => {
    const { run, gemini, held } = setUp({ object: { bytes } });

    await expect(run()).rejects.toMatchObject({
      code: "video_unreadable",
      fate: "fail",
      message: expect.stringContaining(sentence),
    });
    expect([held.size, gemini.asked.length]).toEqual([0, 0]);
  });

  test("a missing object may still come, for ten minutes", async () => {
    const { run } = setUp({ object: null });

    await expect(run()).rejects.toMatchObject({
      code: "video_missing",
      fate: "defer",
      withinSeconds: 600,
    });
  });
});

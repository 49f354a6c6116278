import type { AnalysisClaim } from "@sideline/contracts";
import { describe, expect, test } from "vitest";
import { StageError } from "../_shared/errors.ts";
import type { GeminiFiles, ProviderFile } from "../_shared/providers/gemini-files.ts";
import { analysisClaim } from "../_shared/testing/claims.ts";
import { recordedAttempt } from "../_shared/testing/recorded-attempt.ts";
import { scriptedGemini } from "../_shared/testing/scripted-gemini.ts";
import { LeaseLost } from "../_shared/worker/abort.ts";
import { analyseVideo } from "./analyse-video.ts";
import { system } from "./prompt.ts";

const remark = {
  start_seconds: 4,
  end_seconds: 7,
  category: "activity",
  severity: "medium",
  confidence: 0.8,
  message: "A burst.",
  drill: null,
};
const reply = { title: "T", summary: "S", confidence: 0.5, metrics: [], feedback: [remark] };

interface Situation {
  object?: { text: string; size?: number | null; version?: string } | null;
  duration?: string | null;
  unreadable?: boolean;
  pending?: boolean;
  /** Files that the provider has from an earlier attempt. */
  there?: string[];
  /** Keeping fails. */
  lostLease?: boolean;
  replies?: Parameters<typeof scriptedGemini>;
}

/** A storage with one object and a provider that holds what was uploaded. */
function setUp(situation: Situation) {
  const { object = { text: "video bytes" }, duration = "20.0s", replies = [reply] } = situation;
  const held = new Map<string, { text: string; mimeType: string; displayName: string }>();
  const there = new Set(situation.there);
  const deleted: string[] = [];
  const gemini = scriptedGemini(...replies);
  const files: GeminiFiles = {
    async upload({ body, mimeType, displayName }) {
      held.set("files/a", { text: await new Response(body).text(), mimeType, displayName });
      return { name: "files/a", uri: "https://provider/files/a", mimeType, state: "PROCESSING" };
    },
    async find(name) {
      const uri = `https://provider/${name}`;
      return there.has(name) ? { name, uri, mimeType: "video/mp4", state: "PROCESSING" } : null;
    },
    async waitUntilActive(file): Promise<ProviderFile> {
      if (situation.pending) {
        throw new StageError("provider_pending", "defer");
      }
      if (situation.unreadable) {
        throw new StageError("video_unreadable", "fail");
      }
      return {
        ...file,
        state: "ACTIVE",
        videoMetadata: duration === null ? {} : { videoDuration: duration },
      };
    },
    async delete(file) {
      deleted.push(file.name);
    },
  };
  const storage = {
    exists: async () => true,
    put: async () => undefined,
    async open(bucket: string, path: string) {
      if (object === null || bucket !== "raw" || path !== analysisClaim.storage_path) return null;
      const body = new Blob([object.text]).stream();
      const size = object.size === undefined ? object.text.length : object.size;
      return { body, size, version: object.version ?? "v1" };
    },
  };
  const attempt = recordedAttempt();
  if (situation.lostLease) attempt.keep = () => Promise.reject(new LeaseLost());
  const run = (claim = analysisClaim) => analyseVideo({ storage, files, gemini }, claim, attempt);
  return { run, held, deleted, gemini, attempt };
}

describe("analyseVideo", () => {
  test("sends the stored bytes to the provider and returns its checked reply", async () => {
    const { run, held } = setUp({});

    expect(await run()).toEqual({
      ...reply,
      model: "model-1",
      prompt_version: "analysis-1",
      duration_seconds: 20,
    });
    expect(held.get("files/a")).toEqual({
      text: "video bytes",
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
      "a moment after the end",
      { ...reply, feedback: [{ ...remark, start_seconds: 25, end_seconds: 26 }] },
      "after the video's end",
    ],
    [
      "a moment that runs backwards",
      { ...reply, feedback: [{ ...remark, start_seconds: 9 }] },
      "start_seconds",
    ],
    ["a strange severity", { ...reply, feedback: [{ ...remark, severity: "awful" }] }, "severity"],
    ["an empty message", { ...reply, feedback: [{ ...remark, message: " " }] }, "message"],
    [
      "a metric twice",
      {
        ...reply,
        metrics: [1, 2].map((metric_value) => ({ metric_key: "a", metric_value, unit: null })),
      },
      "unique",
    ],
    ["no summary", { ...reply, summary: undefined }, "summary"],
  ])("has a reply with %s repaired, naming the fault", async (_what, first, fault) => {
    const { run, gemini } = setUp({ replies: [first, reply] });

    expect((await run()).feedback).toHaveLength(1);
    const repair = gemini.asked[1]?.contents ?? [];
    expect(repair.map((content) => content.role)).toEqual(["user", "model", "user"]);
    expect(repair[2]?.parts[0]?.text).toContain(fault);
  });

  test("two replies that break the rules are a failure, not half an analysis", async () => {
    const { run } = setUp({ replies: ["no", "no"] });

    await expect(run()).rejects.toMatchObject({ code: "reply_invalid", fate: "retry" });
  });

  test.each([
    ["an empty file", { object: { text: "" } }, "video_empty"],
    [
      "a file that is too large",
      { object: { text: "x", size: 600 * 1024 * 1024 } },
      "file_too_large",
    ],
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

  test("a file of which nobody knows a length holds no video", async () => {
    const { run } = setUp({ duration: null });

    await expect(run({ ...analysisClaim, duration_seconds: null })).rejects.toMatchObject({
      code: "video_unreadable",
    });
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

describe("the provider's copy", () => {
  const kept = { file: { name: "files/old", uri: "u", mimeType: "video/mp4" }, version: "v1" };
  const resumed = { ...analysisClaim, progress: kept };

  test("is kept as soon as it is uploaded, and deleted at the item's end", async () => {
    const { run, deleted, attempt } = setUp({ pending: true });

    await expect(run()).rejects.toMatchObject({ code: "provider_pending" });

    expect(attempt.kept).toEqual([
      {
        file: { name: "files/a", uri: "https://provider/files/a", mimeType: "video/mp4" },
        version: "v1",
      },
    ]);
    expect(deleted).toEqual([]);
    await attempt.end();
    expect(deleted).toEqual(["files/a"]);
  });

  test("of an earlier attempt is asked about instead of uploading again", async () => {
    const { run, held, gemini, deleted, attempt } = setUp({ there: ["files/old"] });

    expect((await run(resumed)).feedback).toHaveLength(1);

    expect(held.size).toBe(0);
    expect(gemini.asked[0]?.contents[0]?.parts[0]).toEqual({
      fileData: { mimeType: "video/mp4", fileUri: "https://provider/files/old" },
    });
    expect(attempt.kept).toEqual([]);
    await attempt.end();
    expect(deleted).toEqual(["files/old"]);
  });

  test("is uploaded anew when the provider has it no more", async () => {
    const { run, held, attempt } = setUp({ there: [] });

    await run(resumed);

    expect([...held.keys()]).toEqual(["files/a"]);
    expect(attempt.kept).toMatchObject([{ file: { name: "files/a" } }]);
  });

  test("of a video that was replaced since is deleted, and the new one uploaded", async () => {
    const object = { text: "another video", version: "v2" };
    const { run, held, deleted } = setUp({ there: ["files/old"], object });

    await run(resumed);

    expect(deleted).toEqual(["files/old"]);
    expect(held.get("files/a")?.text).toBe("another video");
  });

  test("is deleted at the end although the video is gone", async () => {
    const { run, deleted, attempt } = setUp({ there: ["files/old"], object: null });

    await expect(run(resumed)).rejects.toMatchObject({ code: "video_missing" });
    await attempt.end();

    expect(deleted).toEqual(["files/old"]);
  });

  test("is deleted at once when it cannot be kept: nobody will ask for it", async () => {
    const { run, deleted } = setUp({ lostLease: true });

    await expect(run()).rejects.toThrow(LeaseLost);

    expect(deleted).toEqual(["files/a"]);
  });

  const strange: AnalysisClaim["progress"][] = [
    null,
    "files/old",
    { file: { name: "../x" }, version: "v1" },
    {},
  ];
  test.each(strange)("is uploaded where %j was kept", async (progress) => {
    const { run, held } = setUp({ there: ["files/old", "../x"] });

    await run({ ...analysisClaim, progress });

    expect(held.size).toBe(1);
  });
});

import type { AnalysisClaim } from "@sideline/contracts";
import { describe, expect, test } from "vitest";
import { type Situation, setUp } from "../_shared/testing/analysis-situation.ts";
import { analysisClaim } from "../_shared/testing/claims.ts";
import { testClip } from "../_shared/testing/recordings.ts";
import { LeaseLost } from "../_shared/worker/abort.ts";

describe("the provider's copy", () => {
  const kept = {
    file: { name: "files/old", uri: "u", mimeType: "video/mp4" },
    version: "v1",
    seconds: 20,
  };
  const resumed = { ...analysisClaim, progress: kept };

  test("is kept as soon as it is uploaded, and deleted at the item's end", async () => {
    const { run, deleted, attempt } = setUp({ pending: true });

    await expect(run()).rejects.toMatchObject({ code: "provider_pending" });

    expect(attempt.kept).toEqual([
      {
        file: { name: "files/a", uri: "https://provider/files/a", mimeType: "video/mp4" },
        version: "v1",
        seconds: 20,
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
    const object = { bytes: await testClip("with-sound.mp4"), version: "v2" };
    const { run, held, deleted } = setUp({ there: ["files/old"], object });

    await run(resumed);

    expect(deleted).toEqual(["files/old"]);
    expect(held.get("files/a")?.size).toBe(object.bytes.length);
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

  test("whose upload had begun goes on where it was begun, without a new look at the video", async () => {
    const begun = { address: "https://provider/upload?id=1", sent: 8 };
    const upload = { ...begun, mimeType: "video/mov" };
    const { run, held, attempt } = setUp({});

    await run({ ...analysisClaim, progress: { version: "v1", seconds: 19, upload } });

    expect(held.get("files/a")).toMatchObject({ begun, mimeType: "video/mov" });
    expect(attempt.kept).toMatchObject([{ seconds: 19, file: { name: "files/a" } }]);
  });

  test("whose upload had begun for a video that was replaced since begins anew", async () => {
    const begun = { address: "https://provider/upload?id=1", sent: 8 };
    const upload = { ...begun, mimeType: "video/mov" };
    const { run, held } = setUp({});

    await run({ ...analysisClaim, progress: { version: "v0", seconds: 19, upload } });

    expect(held.get("files/a")).toMatchObject({ begun: null, mimeType: "video/mp4" });
  });

  test("is called otherwise each time, the question is the same; another video is another", async () => {
    const asks = async (situation: Situation, claim = analysisClaim) => {
      const { run, gemini } = setUp(situation);
      await run(claim);
      return JSON.stringify(gemini.asked[0]?.asks);
    };
    const first = await asks({});

    expect(await asks({ there: ["files/old"], duration: "20.04s" }, resumed)).toBe(first);
    expect(await asks({ object: { version: "v2" } })).not.toBe(first);
    expect(await asks({}, { ...analysisClaim, language: "de-DE" })).not.toBe(first);
  });

  const strange: AnalysisClaim["progress"][] = [
    null,
    "files/old",
    { file: { name: "../x" }, version: "v1", seconds: 20 },
    {},
  ];
  test.each(strange)("is uploaded where %j was kept", async (progress) => {
    const { run, held } = setUp({ there: ["files/old", "../x"] });

    await run({ ...analysisClaim, progress });

    expect(held.size).toBe(1);
  });
});

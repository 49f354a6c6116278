import { describe, expect, test } from "vitest";
import { videoAccept, videoTypeNames, videoTypeOf, videoTypes } from "./video-types.ts";

describe("an accepted kind of video", () => {
  test.each([
    [{ mediaType: "video/mp4" }, "MP4"],
    [{ mediaType: "Video/MP4; codecs=avc1" }, "MP4"],
    [{ mediaType: "video/x-m4v" }, "MP4"],
    [{ extension: "MOV" }, "MOV"],
    [{ extension: "3gp" }, "3GP"],
    [{ mediaType: "video/x-matroska" }, undefined],
    [{ extension: "mkv" }, undefined],
    [{ mediaType: "" }, undefined],
    [{ extension: "" }, undefined],
  ])("%j is %s", (named, name) => {
    expect(videoTypeOf(named)?.name).toBe(name);
  });

  test("is named in sentences and in a file picker's accept", () => {
    expect(videoTypeNames).toBe("MP4, MOV, WebM or 3GP");
    expect(videoAccept.split(",")).toEqual(
      expect.arrayContaining(["video/quicktime", "video/x-m4v", ".webm", ".3gp"]),
    );
  });

  test("is one that Gemini documents", () => {
    const documented = /^video\/(mp4|mpeg|mov|avi|x-flv|mpg|webm|wmv|3gpp)$/;
    for (const { geminiType } of Object.values(videoTypes)) expect(geminiType).toMatch(documented);
  });
});

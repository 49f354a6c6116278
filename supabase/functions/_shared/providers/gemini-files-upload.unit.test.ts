import { describe, expect, test } from "vitest";
import { jsonBody, type ReceivedRequest } from "../testing/http-server.ts";
import {
  chunkBytes,
  codeOf,
  filesOf,
  type Recorder,
  recordingFilesApi,
} from "../testing/recording-files-api.ts";

function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 251);
}

/** A stream in uneven pieces, as a network gives it. */
function streamOf(bytes: Uint8Array<ArrayBuffer>, piece = 70_001) {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at + piece));
      at += piece;
    },
  });
}

const upload = (recorder: Recorder, bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal) =>
  filesOf(recorder).upload({
    body: streamOf(bytes),
    size: bytes.length,
    mimeType: "video/mp4",
    displayName: "recording-1",
    signal: signal ?? new AbortController().signal,
  });

describe("upload", () => {
  test.each([
    ["less than a piece", 1000, ["start", "upload, finalize @0+1000"]],
    ["exactly one piece", chunkBytes, ["start", `upload, finalize @0+${chunkBytes}`]],
    [
      "several pieces and a rest",
      2 * chunkBytes + 5,
      [
        "start",
        `upload @0+${chunkBytes}`,
        `upload @${chunkBytes}+${chunkBytes}`,
        `upload, finalize @${2 * chunkBytes}+5`,
      ],
    ],
    [
      "exactly two pieces",
      2 * chunkBytes,
      ["start", `upload @0+${chunkBytes}`, `upload, finalize @${chunkBytes}+${chunkBytes}`],
    ],
  ])("passes %s on, byte for byte", async (_what, length, requests) => {
    const recorder = await recordingFilesApi();
    const bytes = bytesOf(length);

    const file = await upload(recorder, bytes);

    expect(file).toMatchObject({ name: "files/abc", state: "PROCESSING" });
    expect(recorder.requests).toEqual(requests);
    expect(Buffer.compare(recorder.stored(), bytes)).toBe(0);
    expect(recorder.mimeType).toBe("video/mp4");
  });

  test("sends a lost piece again, and of it only what did not arrive", async () => {
    const recorder = await recordingFilesApi({
      keep: 1000,
      instead: (_request, _command, count) =>
        count === 3 ? new Response(null, { status: 503 }) : undefined,
    });
    const bytes = bytesOf(3 * chunkBytes);

    await upload(recorder, bytes);

    expect(recorder.requests.slice(2, 5)).toEqual([
      `upload @${chunkBytes}+${chunkBytes}`,
      "query",
      `upload @${chunkBytes + 1000}+${chunkBytes - 1000}`,
    ]);
    expect(Buffer.compare(recorder.stored(), bytes)).toBe(0);
  });

  test("gives up on a provider that stays away", async () => {
    const recorder = await recordingFilesApi({
      instead: (_request, command) =>
        command === "upload, finalize" ? new Response(null, { status: 503 }) : undefined,
    });

    expect(await codeOf(upload(recorder, bytesOf(10)))).toBe("provider_unavailable");
    expect(recorder.requests.filter((request) => request === "query")).toHaveLength(3);
  });

  test("stops at once on a bad key, and reads no more of the video", async () => {
    let cancelled = false;
    const recorder = await recordingFilesApi({
      instead: (_request, command) =>
        command === "upload"
          ? Response.json({ error: { message: "no" } }, { status: 401 })
          : undefined,
    });
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(chunkBytes)),
      cancel: () => {
        cancelled = true;
      },
    });
    const signal = new AbortController().signal;

    const work = filesOf(recorder).upload({
      body,
      size: null,
      mimeType: "video/mp4",
      displayName: "x",
      signal,
    });

    expect(await codeOf(work)).toBe("provider_key_invalid");
    expect(cancelled).toBe(true);
  });

  test("ends with the abort's own reason", async () => {
    const recorder = await recordingFilesApi();
    const work = upload(recorder, bytesOf(10), AbortSignal.abort(new Error("shutting down")));

    await expect(work).rejects.toThrow("shutting down");
  });

  test("an object without bytes is an empty video, and no fault of the provider", async () => {
    const recorder = await recordingFilesApi();

    expect(await codeOf(upload(recorder, bytesOf(0)))).toBe("video_empty");
  });

  test.each([
    ["another origin", (other: string) => `${other}/upload/v1beta/files?upload_id=u1`],
    ["no address", () => "upload?upload_id=1"],
  ])("sends neither video nor key to %s that the provider names", async (_what, place) => {
    const elsewhere = await recordingFilesApi();
    const recorder = await recordingFilesApi({
      instead: (_request, command) =>
        command === "start"
          ? new Response(null, { headers: { "x-goog-upload-url": place(elsewhere.baseUrl) } })
          : undefined,
    });

    expect(await codeOf(upload(recorder, bytesOf(10)))).toBe("provider_unavailable");
    expect([...recorder.requests, ...elsewhere.requests]).toEqual(["start"]);
  });

  test("tells type, length and name at the start", async () => {
    let start: ReceivedRequest | undefined;
    const recorder = await recordingFilesApi({
      instead(request, command) {
        if (command === "start") start = request;
        return undefined;
      },
    });

    await upload(recorder, bytesOf(10));

    if (!start) throw new Error("There was no start.");
    expect(start.headers.get("x-goog-upload-protocol")).toBe("resumable");
    expect(start.headers.get("x-goog-upload-header-content-length")).toBe("10");
    expect(jsonBody(start)).toEqual({ file: { displayName: "recording-1" } });
  });
});

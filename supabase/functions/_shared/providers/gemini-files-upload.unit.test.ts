import { describe, expect, test } from "vitest";
import { jsonBody, type ReceivedRequest } from "../testing/http-server.ts";
import {
  chunkBytes,
  codeOf,
  filesOf,
  type Recorder,
  recordingFilesApi,
} from "../testing/recording-files-api.ts";
import { ToBeContinued } from "../worker/abort.ts";
import type { Begun, Upload } from "./gemini-upload.ts";

function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 251);
}

function upload(recorder: Recorder, bytes: Uint8Array<ArrayBuffer>, more: Partial<Upload> = {}) {
  return filesOf(recorder).upload({
    size: bytes.length,
    read: async (start, end) => bytes.slice(start, end),
    mimeType: "video/mp4",
    displayName: "recording-1",
    begun: null,
    keep: async () => undefined,
    mayPass: () => true,
    signal: new AbortController().signal,
    ...more,
  });
}

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
    const recorder = await recordingFilesApi({
      instead: (_request, command) =>
        command === "upload"
          ? Response.json({ error: { message: "no" } }, { status: 401 })
          : undefined,
    });
    let pieces = 0;
    const read = async (start: number, end: number) => {
      pieces += 1;
      return new Uint8Array(end - start);
    };

    const work = upload(recorder, bytesOf(3 * chunkBytes), { read });

    expect(await codeOf(work)).toBe("provider_key_invalid");
    expect(pieces).toBe(1);
  });

  test("ends with the abort's own reason", async () => {
    const recorder = await recordingFilesApi();
    const work = upload(recorder, bytesOf(10), {
      signal: AbortSignal.abort(new Error("shutting down")),
    });

    await expect(work).rejects.toThrow("shutting down");
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

describe("an upload over several runs", () => {
  const bytes = bytesOf(3 * chunkBytes + 7);
  /** As long as there is room for so many pieces. */
  const room = (pieces: number) => {
    let left = pieces;
    return () => left-- > 0;
  };

  /** Remembers what was kept. */
  const keeper = () => {
    const kept: Begun[] = [];
    return { kept, keep: async (begun: Begun) => void kept.push(begun) };
  };

  test("keeps where it goes on, and goes on there", async () => {
    const recorder = await recordingFilesApi();
    const { kept, keep } = keeper();

    const first = upload(recorder, bytes, { keep, mayPass: room(2) });
    await expect(first).rejects.toThrow(ToBeContinued);
    const file = await upload(recorder, bytes, { begun: kept.at(-1) ?? null });

    expect(file.name).toBe("files/abc");
    expect(recorder.requests).toEqual([
      "start",
      `upload @0+${chunkBytes}`,
      `upload @${chunkBytes}+${chunkBytes}`,
      "query",
      `upload @${2 * chunkBytes}+${chunkBytes}`,
      `upload, finalize @${3 * chunkBytes}+7`,
    ]);
    expect(Buffer.compare(recorder.stored(), bytes)).toBe(0);
    expect(kept.map(({ sent }) => sent)).toEqual([0, 2 * chunkBytes]);
  });

  test("that lacks only its end is ended", async () => {
    const recorder = await recordingFilesApi();
    const { kept, keep } = keeper();
    const longer = upload(recorder, bytesOf(2 * chunkBytes + 1), { keep, mayPass: room(2) });
    await expect(longer).rejects.toThrow(ToBeContinued);

    const begun = kept.at(-1) ?? null;
    const file = await upload(recorder, bytesOf(2 * chunkBytes), { begun });

    expect(file.name).toBe("files/abc");
    expect(recorder.requests.at(-1)).toBe(`upload, finalize @${2 * chunkBytes}+0`);
  });

  test("of which the provider has less than it said costs an attempt: it would never end", async () => {
    const recorder = await recordingFilesApi();
    const begun = { address: `${recorder.baseUrl}/upload?id=1`, sent: chunkBytes };

    await expect(upload(recorder, bytes, { begun })).rejects.toMatchObject({
      code: "provider_rejected",
      fate: "retry",
    });
    expect(recorder.requests).toEqual(["query"]);
  });

  test("of which only the last answer was lost is not sent again", async () => {
    const file = { name: "files/done", uri: "u", state: "PROCESSING" };
    const recorder = await recordingFilesApi({
      instead: (_request, command) =>
        command === "query"
          ? Response.json({ file }, { headers: { "x-goog-upload-status": "final" } })
          : undefined,
    });

    const found = await upload(recorder, bytes, {
      begun: { address: `${recorder.baseUrl}/upload?id=1`, sent: 0 },
    });

    expect(found.name).toBe("files/done");
    expect(recorder.requests).toEqual(["query"]);
  });

  test.each([404, 410])(
    "begins anew where the provider knows no more of it (%i)",
    async (status) => {
      const recorder = await recordingFilesApi({
        instead: (_request, command) =>
          command === "query" ? new Response(null, { status }) : undefined,
      });

      await upload(recorder, bytes, {
        begun: { address: `${recorder.baseUrl}/upload?id=1`, sent: 0 },
      });

      expect(recorder.requests.slice(0, 2)).toEqual(["query", "start"]);
      expect(Buffer.compare(recorder.stored(), bytes)).toBe(0);
    },
  );

  test("is neither lost nor begun anew while the provider is away", async () => {
    const recorder = await recordingFilesApi({
      instead: () => new Response(null, { status: 503 }),
    });

    const work = upload(recorder, bytes, {
      begun: { address: `${recorder.baseUrl}/upload?id=1`, sent: 0 },
    });

    expect(await codeOf(work)).toBe("provider_unavailable");
    expect(recorder.requests).toEqual(["query"]);
  });

  test("does not go on at an address of another origin", async () => {
    const elsewhere = await recordingFilesApi();
    const recorder = await recordingFilesApi();

    await upload(recorder, bytes, {
      begun: { address: `${elsewhere.baseUrl}/upload?id=1`, sent: 0 },
    });

    expect(elsewhere.requests).toEqual([]);
    expect(recorder.requests[0]).toBe("start");
  });
});

import { describe, expect, test } from "vitest";
import { StageError } from "../errors.ts";
import { sleep } from "../sleep.ts";
import { jsonBody, type ReceivedRequest, serveHttp } from "../testing/http-server.ts";
import { createGeminiFiles, measuredSeconds } from "./gemini-files.ts";

const chunkBytes = 256 * 1024;

interface Recorder {
  baseUrl: string;
  requests: string[];
  stored(): Uint8Array;
  mimeType: string;
}

interface Behaviour {
  /** Answers instead of the recorder, or after it has stored what came. */
  instead?(request: ReceivedRequest, command: string, count: number): Response | undefined;
  /** Bytes of a failing chunk that arrive all the same. */
  keep?: number;
  /** Successive answers to GET. */
  states?: object[];
}

/** A Files API that stores what it is sent, at the offsets it is told. */
async function recordingFilesApi(behaviour: Behaviour = {}): Promise<Recorder> {
  const requests: string[] = [];
  let stored = new Uint8Array();
  const states = [...(behaviour.states ?? [])];
  const recorder: Recorder = { baseUrl: "", requests, stored: () => stored, mimeType: "" };
  const append = (bytes: Uint8Array): void => {
    const joined = new Uint8Array(stored.length + bytes.length);
    joined.set(stored);
    joined.set(bytes, stored.length);
    stored = joined;
  };
  recorder.baseUrl = await serveHttp((request) => {
    if (request.headers.get("x-goog-api-key") !== "the-key")
      return new Response(null, { status: 401 });
    const command = request.headers.get("x-goog-upload-command") ?? request.method;
    const offset = request.headers.get("x-goog-upload-offset");
    requests.push(offset === null ? command : `${command} @${offset}+${request.body.length}`);
    const other = behaviour.instead?.(request, command, requests.length);
    if (other) {
      append(request.body.subarray(0, behaviour.keep ?? 0));
      return other;
    }
    const file = {
      name: "files/abc",
      uri: `${recorder.baseUrl}/v1beta/files/abc`,
      mimeType: "video/mp4",
    };
    switch (command) {
      case "start":
        recorder.mimeType = request.headers.get("x-goog-upload-header-content-type") ?? "";
        return new Response(null, {
          headers: {
            "x-goog-upload-status": "active",
            "x-goog-upload-url": `${recorder.baseUrl}/upload/v1beta/files?upload_id=u1`,
          },
        });
      case "query":
        return new Response(null, {
          headers: { "x-goog-upload-size-received": `${stored.length}` },
        });
      case "upload":
      case "upload, finalize":
        if (Number(offset) !== stored.length) return new Response("wrong offset", { status: 400 });
        append(request.body);
        return command === "upload"
          ? new Response(null, { headers: { "x-goog-upload-status": "active" } })
          : Response.json({ file: { ...file, state: "PROCESSING" } });
      case "DELETE":
        return Response.json({});
      default:
        return Response.json({ ...file, ...states.shift() });
    }
  });
  return recorder;
}

function filesOf(recorder: Recorder) {
  const options = { apiKey: "the-key", baseUrl: recorder.baseUrl, fetch, chunkBytes };
  return createGeminiFiles({ ...options, sleep: (_ms, signal) => sleep(1, signal) });
}

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

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error instanceof StageError ? error.code : String(error)),
  );
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

describe("waitUntilActive", () => {
  const processing = { state: "PROCESSING" };
  const active = { state: "ACTIVE", videoMetadata: { videoDuration: "20.04s" } };
  const file = { name: "files/abc", uri: "u", state: "PROCESSING" };
  const signal = new AbortController().signal;

  test("asks until the file is active and carries its measured length", async () => {
    const recorder = await recordingFilesApi({ states: [processing, processing, active] });

    const done = await filesOf(recorder).waitUntilActive(file, signal);

    expect(measuredSeconds(done)).toBe(20.04);
    expect(recorder.requests).toEqual(["GET", "GET", "GET"]);
  });

  test("passes on the provider's sentence about a file it cannot read", async () => {
    const failed = { state: "FAILED", error: { code: 3, message: "There is no video track." } };
    const recorder = await recordingFilesApi({ states: [processing, failed] });

    await expect(filesOf(recorder).waitUntilActive(file, signal)).rejects.toMatchObject({
      code: "video_unreadable",
      fate: "fail",
      message: "There is no video track.",
    });
  });

  test("has patience for a minute, then leaves the item to a later attempt", async () => {
    const recorder = await recordingFilesApi({ states: Array(100).fill(processing) });
    let slept = 0;
    const files = createGeminiFiles({
      ...{ apiKey: "the-key", baseUrl: recorder.baseUrl, fetch },
      async sleep(ms) {
        slept += ms;
      },
    });

    await expect(files.waitUntilActive(file, signal)).rejects.toMatchObject({
      code: "provider_pending",
      fate: "defer",
    });
    expect(slept).toBeGreaterThan(55_000);
    expect(slept).toBeLessThan(70_000);
  });

  test("a file that is gone meanwhile is uploaded again by the next attempt", async () => {
    const recorder = await recordingFilesApi({
      instead: () => Response.json({ error: { message: "Gone." } }, { status: 403 }),
    });

    await expect(filesOf(recorder).waitUntilActive(file, signal)).rejects.toMatchObject({
      code: "provider_rejected",
      fate: "retry",
    });
  });

  test("does not wait for ever for a provider that speaks nonsense", async () => {
    const recorder = await recordingFilesApi({ states: [{ name: "../x", state: "ACTIVE" }] });

    expect(await codeOf(filesOf(recorder).waitUntilActive(file, signal))).toBe(
      "provider_unavailable",
    );
  });
});

describe("find", () => {
  const { signal } = new AbortController();
  const answering = (status: number, details: object[] = []) => ({
    instead: () => Response.json({ error: { message: "No.", details } }, { status }),
  });

  test("gives the file as it is now", async () => {
    const recorder = await recordingFilesApi({ states: [{ state: "ACTIVE" }] });

    expect(await filesOf(recorder).find("files/abc", signal)).toMatchObject({ state: "ACTIVE" });
  });

  test.each([403, 404])("finds nothing where the answer is %i", async (status) => {
    const recorder = await recordingFilesApi(answering(status));

    expect(await filesOf(recorder).find("files/abc", signal)).toBeNull();
  });

  test("does not take a refused key or an outage for a file that is gone", async () => {
    const badKey = await recordingFilesApi(answering(403, [{ reason: "API_KEY_SERVICE_BLOCKED" }]));
    const away = await recordingFilesApi(answering(503));

    expect(await codeOf(filesOf(badKey).find("files/abc", signal))).toBe("provider_key_invalid");
    expect(await codeOf(filesOf(away).find("files/abc", signal))).toBe("provider_unavailable");
  });
});

describe("delete", () => {
  const file = { name: "files/abc", uri: "u", state: "ACTIVE" };

  test("deletes the provider's copy", async () => {
    const recorder = await recordingFilesApi();

    await filesOf(recorder).delete(file);

    expect(recorder.requests).toEqual(["DELETE"]);
  });

  test("is no error when the provider is gone", async () => {
    const options = { apiKey: "k", baseUrl: "http://127.0.0.1:1", fetch, sleep };

    await expect(createGeminiFiles(options).delete(file)).resolves.toBeUndefined();
  });
});

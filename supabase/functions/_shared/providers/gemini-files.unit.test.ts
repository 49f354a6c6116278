import { errorSentences } from "@sideline/contracts";
import { describe, expect, test } from "vitest";
import { sleep } from "../sleep.ts";
import { codeOf, filesOf, recordingFilesApi } from "../testing/recording-files-api.ts";
import { createGeminiFiles, measuredSeconds } from "./gemini-files.ts";

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

  test("keeps the provider's words about a file it cannot read for the log", async () => {
    const failed = { state: "FAILED", error: { code: 3, message: "There is no video track." } };
    const recorder = await recordingFilesApi({ states: [processing, failed] });

    await expect(filesOf(recorder).waitUntilActive(file, signal)).rejects.toMatchObject({
      code: "video_unreadable",
      fate: "fail",
      message: errorSentences.video_unreadable,
      detail: "Gemini could not read it: There is no video track.",
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

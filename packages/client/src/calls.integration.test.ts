/** What an owner asks for, and what the answers say. */
import type { Database } from "@sideline/database";
import {
  createAnonymousClient,
  createUser,
  openLine,
  type TestUser,
} from "@sideline/proving-ground/testing";
import { createClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { afterAll, beforeEach, describe, expect, inject, test } from "vitest";
import { createSideline, type Sideline } from "./sideline.ts";

const stack = inject("stack");
const sql = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
afterAll(() => sql.end());

let user: TestUser;
let sideline: Sideline;
beforeEach(async () => {
  user = await createUser(stack, "owner");
  sideline = createSideline(user.client);
});

/** A recording whose upload failed, so that its job did, too. */
async function insertFailed(): Promise<{ recordingId: number; jobId: number }> {
  const { data } = await user.client
    .from("video_recordings")
    .insert({
      filename: "clip.mp4",
      storage_path: `${user.userId}/${crypto.randomUUID()}.mp4`,
      upload_status: "failed",
      error_code: "upload_failed",
    })
    .select("id")
    .single()
    .throwOnError();
  return { recordingId: data.id, jobId: await jobOf(data.id) };
}

/** A trigger makes it. */
async function jobOf(recordingId: number): Promise<number> {
  const { data } = await user.client
    .from("analysis_jobs")
    .select("id")
    .eq("video_recording_id", recordingId)
    .single()
    .throwOnError();
  return data.id;
}

describe("a retry", () => {
  test("queues a failed analysis anew, and refuses one that has not failed", async () => {
    const { jobId } = await insertFailed();

    await sideline.retryAnalysis(jobId);

    const { data } = await user.client.from("analysis_jobs").select("status").eq("id", jobId);
    expect(data).toEqual([{ status: "queued" }]);
    await expect(sideline.retryAnalysis(jobId)).rejects.toMatchObject({ code: "not_failed" });
  });

  test("of another's item finds nothing", async () => {
    const { jobId } = await insertFailed();
    const stranger = createSideline((await createUser(stack, "stranger")).client);

    await expect(stranger.retryAnalysis(jobId)).rejects.toMatchObject({
      name: "SidelineError",
      code: "not_found",
    });
    await expect(stranger.retryFeedback(1, "ssml")).rejects.toMatchObject({ code: "not_found" });
  });

  test("is refused when there were too many", async () => {
    const { jobId } = await insertFailed();
    await sql`insert into pipeline.retries (stage, subject_id, count) values ('analysis', ${jobId}, 5)`;

    await expect(sideline.retryAnalysis(jobId)).rejects.toMatchObject({ code: "too_many_retries" });
  });
});

test("the list shows one's own recordings as they change, newest first", async () => {
  const stranger = await createUser(stack, "stranger");
  const first = await insertFailed();
  const letGo = sideline.recordings.hold();
  const list = () => sideline.recordings.store.getState();
  await expect.poll(list).toMatchObject({ phase: "ready", connection: "live", hasMore: false });

  const second = await insertFailed();
  await stranger.client
    .from("video_recordings")
    .insert({ filename: "clip.mp4", storage_path: `${stranger.userId}/clip.mp4` })
    .throwOnError();

  await expect
    .poll(() => list().recordings.map(({ id, status }) => ({ id, status })))
    .toEqual([
      { id: second.recordingId, status: "failed" },
      { id: first.recordingId, status: "failed" },
    ]);
  expect(list().recordings[0]).toMatchObject({
    filename: "clip.mp4",
    uploadStatus: "failed",
    errorCode: "upload_failed",
    remarks: { all: 0, audible: 0, failed: 0 },
  });
  sideline.recordings.store.setState({ limit: 1 });
  sideline.recordings.refresh();
  await expect.poll(() => list().hasMore).toBe(true);
  expect(list().recordings).toHaveLength(1);
  await user.client.auth.signOut();
  expect(list().recordings).toEqual([]);

  // Whoever signs in next, without the page being loaded anew, sees and hears of their own.
  await user.client.auth.signInWithPassword(stranger);
  await expect.poll(() => list().recordings).toHaveLength(1);
  await expect.poll(list).toMatchObject({ connection: "live" });
  await stranger.client
    .from("video_recordings")
    .update({ upload_status: "failed" })
    .eq("user_id", stranger.userId)
    .throwOnError();
  await expect.poll(() => list().recordings[0]?.uploadStatus, { timeout: 5_000 }).toBe("failed");
  await letGo();
});

describe("starting an analysis", () => {
  test("says that the upload is not complete, in the function's own code", async () => {
    const { data } = await user.client
      .from("video_recordings")
      .insert({ filename: "clip.mp4", storage_path: `${user.userId}/clip.mp4` })
      .select("id")
      .single()
      .throwOnError();

    await expect(sideline.startAnalysis(data.id)).rejects.toMatchObject({
      code: "upload_incomplete",
      status: 409,
    });
    await user.client.from("video_recordings").delete().eq("id", data.id);
  });

  test("finds the job of a recording", async () => {
    const { data } = await user.client
      .from("video_recordings")
      .insert({
        filename: "clip.mp4",
        storage_path: `${user.userId}/clip.mp4`,
        upload_status: "completed",
      })
      .select("id")
      .single()
      .throwOnError();

    const { jobId } = await sideline.startAnalysis(data.id);

    expect(jobId).toBe(await jobOf(data.id));
    await user.client.from("video_recordings").delete().eq("id", data.id);
  });
});

test("a voice is chosen, changed and forgotten", async () => {
  const voices = await sideline.listVoices();
  const [first, second] = voices;
  expect(voices.filter(({ language }) => language === "de-DE")).toMatchObject([
    { name: "Kim", isDefault: true },
  ]);
  expect(await sideline.chosenVoice()).toBeNull();

  await sideline.chooseVoice(first?.id ?? 0);
  await sideline.chooseVoice(second?.id ?? 0);
  expect(await sideline.chosenVoice()).toBe(second?.id);

  await sideline.chooseVoice(null);
  expect(await sideline.chosenVoice()).toBeNull();
});

test("without a session calls ask for one", async () => {
  const nobody = createSideline(createAnonymousClient(stack));

  await expect(nobody.chosenVoice()).rejects.toMatchObject({ code: "not_signed_in" });
  await expect(nobody.listVoices()).rejects.toMatchObject({ code: "forbidden" });
});

describe("health", () => {
  const parts = {
    status: "ok",
    database: { isOk: true, problem: null },
    realtime: { isOk: true, problem: null },
    functions: {
      "ai-analyze-video": { isOk: true },
      ssmlWorker: { isOk: true },
      audioWorker: { isOk: true },
      render: { isOk: true },
    },
  };

  test("is well where all parts answer, signed in or not", async () => {
    expect(await sideline.healthCheck()).toMatchObject(parts);
    expect(await createSideline(createAnonymousClient(stack)).healthCheck()).toMatchObject(parts);
    await expect.poll(() => user.client.getChannels()).toEqual([]);
  });

  test("is down where nothing answers, and says what is wrong", async () => {
    const line = await openLine(stack.apiUrl);
    line.cut();
    const client = createClient<Database>(line.url, stack.publishableKey, {
      auth: { persistSession: false },
    });

    const health = await createSideline(client).healthCheck(1_500);

    expect(health).toMatchObject({
      status: "down",
      database: { isOk: false, problem: expect.any(String) },
      realtime: { isOk: false },
      functions: { audioWorker: { isOk: false } },
    });
    await line.close();
  });
});

describe("addresses of audio", () => {
  async function store(): Promise<string> {
    const path = `${user.userId}/sound.wav`;
    const service = createClient(stack.apiUrl, stack.secretKey, {
      auth: { persistSession: false },
    });
    const sound = new Blob([new Uint8Array(44)], { type: "audio/wav" });
    const { error } = await service.storage.from("processed").upload(path, sound);
    if (error) throw error;
    return path;
  }

  test("are renewed before they end", async () => {
    const path = await store();
    const { audioUrls } = createSideline(user.client, { signedUrlSeconds: 4 });
    const letGo = audioUrls.keep([path]);
    const url = () => audioUrls.store.getState()[path]?.url;
    await expect.poll(url).toBeDefined();
    const first = url() ?? "";

    await expect.poll(url).not.toBe(first);

    const [old, renewed] = await Promise.all([fetch(first), fetch(url() ?? "")]);
    expect([old.status, renewed.status]).toEqual([200, 200]);
    await expect.poll(async () => (await fetch(first)).status).toBe(400);
    expect((await fetch(url() ?? "")).status).toBe(200);
    letGo();
  });

  test("are given at once, and the same one while it lives", async () => {
    const path = await store();

    const url = await sideline.audioUrls.get(path);

    expect((await fetch(url)).status).toBe(200);
    expect(await sideline.audioUrls.get(path)).toBe(url);
  });

  test("of what is another's are refused", async () => {
    const path = await store();
    const stranger = createSideline((await createUser(stack, "stranger")).client);

    await expect(stranger.audioUrls.get(path)).rejects.toMatchObject({ code: "not_found" });
  });
});

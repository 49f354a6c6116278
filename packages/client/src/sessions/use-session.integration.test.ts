/** A session's brief in use: drafts tried again, recordings that name it. */
import { randomBytes } from "node:crypto";
import { emptyBrief } from "@sideline/contracts";
import { createUser, openLine, type TestUser } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import { afterAll, afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { createSideline, type Sideline } from "../sideline.ts";
import { memoryUrlStorage } from "../upload/test-url-storage.ts";

const stack = inject("stack");
const sql = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
afterAll(() => sql.end());

const german = { brief: { ...emptyBrief, language: "de-DE" } };
let user: TestUser;
let sideline: Sideline;
let stranger: Sideline;
beforeEach(async () => {
  user = await createUser(stack, "owner");
  sideline = createSideline(user.client);
  stranger = createSideline((await createUser(stack, "stranger")).client);
});
// Nobody need analyse noise.
afterEach(() => user.client.from("video_recordings").delete().gt("id", 0));

function noise(bytes = 1000): File {
  return new File([randomBytes(bytes)], "noise.mp4", { type: "video/mp4", lastModified: 1 });
}

async function wishesOf(recordingId: number | null) {
  const { data } = await user.client
    .from("video_recordings")
    .select("session_id, language")
    .eq("id", recordingId ?? 0);
  return data?.[0];
}

describe("a draft that failed", () => {
  async function failedDraft(): Promise<number> {
    const session = await sideline.sessions.create({ request: "The toss" });
    // Added as failed: no worker has it.
    const [row] = await sql`
      insert into public.session_drafts (session_id, user_id, status, error_code, last_error)
      values (${session.id}, ${user.userId}, 'failed', 'reply_invalid', 'No brief.')
      returning id::int`;
    return row?.id;
  }

  test("is queued anew by its owner alone, and only once", async () => {
    const id = await failedDraft();
    await expect(stranger.retryDraft(id)).rejects.toMatchObject({ code: "not_found" });

    await sideline.retryDraft(id);

    const { data } = await user.client.from("session_drafts").select("error_code").eq("id", id);
    expect(data).toEqual([{ error_code: null }]);
    await expect(sideline.retryDraft(id)).rejects.toMatchObject({ code: "not_failed" });
  });
});

test("an upload names a session, in its brief's language unless another is asked for", async () => {
  const { id } = await sideline.sessions.create(german);

  const plain = await sideline.upload(noise(), { sessionId: id }).whenDone();
  const french = await sideline.upload(noise(), { sessionId: id, language: "fr-FR" }).whenDone();

  expect(await wishesOf(plain)).toEqual({ session_id: id, language: "de-DE" });
  expect(await wishesOf(french)).toEqual({ session_id: id, language: "fr-FR" });
  const theirs = await stranger.sessions.create({});
  await expect(sideline.upload(noise(), { sessionId: theirs.id }).whenDone()).rejects.toMatchObject(
    { code: "not_found" },
  );
});

test("an upload that is taken up again names the session that is chosen by then", async () => {
  const line = await openLine(stack.apiUrl);
  const owner = await createUser({ ...stack, apiUrl: line.url }, "owner");
  user = owner;
  const app = createSideline(owner.client, { urlStorage: memoryUrlStorage() });
  const { id } = await app.sessions.create(german);
  const file = noise(13_000_000);
  const killed = app.upload(file);
  const sent = () => killed.store.getState().sentBytes;
  await expect.poll(sent, { interval: 5 }).toBeGreaterThan(6 * 1024 * 1024);
  line.cut();
  killed.pause();
  line.mend();

  const resumed = await app.upload(file, { sessionId: id }).whenDone();

  expect(resumed).toBe(killed.store.getState().recordingId);
  expect(await wishesOf(resumed)).toEqual({ session_id: id, language: "de-DE" });
  await owner.client.from("video_recordings").delete().gt("id", 0);
  await line.close();
});

test("an analysis that waits is given a session, and one that has begun is not", async () => {
  const { data: recording } = await user.client
    .from("video_recordings")
    .insert({
      filename: "clip.mp4",
      storage_path: `${user.userId}/clip.mp4`,
      upload_status: "failed",
      error_code: "upload_failed",
    })
    .select("id")
    .single()
    .throwOnError();
  const { id } = await sideline.sessions.create(german);
  const start = (sessionId: number) => sideline.startAnalysis(recording.id, { sessionId });

  // Its video is not there, so the function goes no further.
  await expect(start(id)).rejects.toMatchObject({ code: "upload_incomplete" });
  expect(await wishesOf(recording.id)).toEqual({ session_id: id, language: "de-DE" });

  await sql`
    update public.analysis_jobs set status = 'completed' where video_recording_id = ${recording.id}`;
  const other = await sideline.sessions.create({});
  await expect(start(other.id)).rejects.toMatchObject({
    code: "invalid_request",
    message: `the analysis of recording ${recording.id} is completed already`,
  });
  const theirs = await stranger.sessions.create({});
  await expect(start(theirs.id)).rejects.toMatchObject({ code: "not_found" });
  await sideline.sessions.delete(id);
  expect(await wishesOf(recording.id)).toEqual({ session_id: null, language: "de-DE" });
});

import { randomBytes } from "node:crypto";
import type { Database } from "@sideline/database";
import { createUser, type Line, openLine, type TestUser } from "@sideline/proving-ground/testing";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { createSideline, type Sideline } from "../sideline.ts";
import { memoryUrlStorage } from "./test-url-storage.ts";
import type { UploadHandle } from "./upload.ts";

const stack = inject("stack");
const chunkSize = 6 * 1024 * 1024;
let line: Line;
let user: TestUser;
let urlStorage: ReturnType<typeof memoryUrlStorage>;

beforeEach(async () => {
  line = await openLine(stack.apiUrl);
  user = await createUser({ ...stack, apiUrl: line.url }, "uploader");
  urlStorage = memoryUrlStorage();
});
afterEach(async () => {
  line.mend();
  // Nobody need analyse noise.
  await user.client.from("video_recordings").delete().gt("id", 0);
  await line.close();
});

/** Three chunks of noise. */
function noise(name = "noise.mp4", bytes = 2 * chunkSize + 1000): File {
  return new File([randomBytes(bytes)], name, { type: "video/mp4", lastModified: 1 });
}

/** Another run of the app: a client of its own, signed in as the same user. */
async function openApp(person: TestUser = user, options = {}): Promise<Sideline> {
  const client = createClient<Database>(line.url, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const { error } = await client.auth.signInWithPassword(person);
  if (error) throw error;
  return createSideline(client, { urlStorage, ...options });
}

function reaches({ store }: UploadHandle, status: string): Promise<void> {
  return expect.poll(() => store.getState().status).toBe(status);
}

async function sends({ store }: UploadHandle, bytes: number): Promise<void> {
  await expect.poll(() => store.getState().sentBytes, { interval: 5 }).toBeGreaterThan(bytes);
}

/** Least that was shown as sent from here on, but for nothing. */
function leastSent({ store }: UploadHandle): () => number {
  const seen: number[] = [];
  store.subscribe(({ sentBytes }, before) => {
    if (sentBytes !== before.sentBytes) seen.push(sentBytes);
  });
  return () => Math.min(...seen);
}

async function storedBytes(client: SupabaseClient<Database>, recordingId: number) {
  const { data: row } = await client
    .from("video_recordings")
    .select("storage_path, upload_status, mime_type, original_filename")
    .eq("id", recordingId)
    .single()
    .throwOnError();
  const { data } = await client.storage.from("raw").download(row.storage_path);
  return { row, bytes: data && Buffer.from(await data.arrayBuffer()) };
}

async function expectStored(recordingId: number, file: File): Promise<void> {
  const { row, bytes } = await storedBytes(user.client, recordingId);
  expect(row).toMatchObject({ upload_status: "completed", mime_type: "video/mp4" });
  expect(bytes?.equals(Buffer.from(await file.arrayBuffer()))).toBe(true);
}

test("a file becomes a recording, whose id is known before the last byte is sent", async () => {
  const file = noise();
  const upload = (await openApp()).upload(file, { language: "de-DE" });
  const progress: number[] = [];
  let idKnownAt: number | null = null;
  upload.store.subscribe(({ sentBytes, recordingId }) => {
    progress.push(sentBytes);
    if (recordingId !== null) idKnownAt ??= sentBytes;
  });

  const recordingId = await upload.whenDone();

  await expectStored(recordingId, file);
  expect(idKnownAt).toBe(0);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toBe(file.size);
  // Nothing is left to be taken up again.
  expect(urlStorage.size()).toBe(0);
});

test("killed half-way, it is resumed by another run of the app", async () => {
  const file = noise();
  const killed = (await openApp()).upload(file);
  await sends(killed, chunkSize);
  line.cut();
  killed.pause();
  const { recordingId } = killed.store.getState();
  line.mend();

  const resumed = (await openApp()).upload(file);
  const least = leastSent(resumed);

  expect(await resumed.whenDone()).toBe(recordingId);
  expect(resumed.store.getState().isResumed).toBe(true);
  expect(least()).toBeGreaterThanOrEqual(chunkSize);
  await expectStored(recordingId ?? 0, file);
});

test("a token that ends in mid-upload is renewed", async () => {
  const file = noise();
  const { data } = await user.client.auth.getSession();
  const seconds = Math.floor(Date.now() / 1000);
  const shortLived = await new SignJWT({ role: "authenticated", email: user.email })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(user.userId)
    .setAudience("authenticated")
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 4)
    .sign(new TextEncoder().encode(stack.jwtSecret));
  // The device's clock is wrong: it believes that the token lives for an hour.
  const session = { ...data.session, access_token: shortLived, expires_at: seconds + 3600 };
  const kept = new Map([["session", JSON.stringify(session)]]);
  const client = createClient<Database>(line.url, stack.publishableKey, {
    auth: {
      autoRefreshToken: false,
      storageKey: "session",
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
      },
    },
  });
  const upload = createSideline(client, { urlStorage }).upload(file);
  await sends(upload, chunkSize);
  upload.pause();
  const { recordingId } = upload.store.getState();
  const least = leastSent(upload);
  await expect.poll(() => Date.now() / 1000).toBeGreaterThan(seconds + 5);

  upload.resume();

  expect(await upload.whenDone()).toBe(recordingId);
  expect((await client.auth.getSession()).data.session?.access_token).not.toBe(shortLived);
  expect(least()).toBeGreaterThanOrEqual(chunkSize);
  await expectStored(recordingId ?? 0, file);
}, 60_000);

test("a connection that breaks for long is a problem that a retry solves", async () => {
  const file = noise();
  const problems: string[] = [];
  const app = await openApp(user, {
    onProblem: ({ stage, code }: { stage: string; code: string }) =>
      problems.push(`${stage} ${code}`),
  });
  const upload = app.upload(file);
  await sends(upload, chunkSize);
  line.cut();
  await reaches(upload, "failed");
  expect(upload.store.getState().problem).toMatchObject({
    code: "upload_interrupted",
    isRetryable: true,
  });
  expect(problems).toEqual(["upload upload_interrupted"]);
  line.mend();

  upload.retry();

  await expectStored(await upload.whenDone(), file);
}, 60_000);

test("paused, it sends nothing; resumed, it goes on", async () => {
  const file = noise();
  const upload = (await openApp()).upload(file);
  await sends(upload, chunkSize);
  upload.pause();
  await expect.poll(() => upload.store.getState().status).toBe("paused");
  const before = line.sentBytes();
  // Longer than a chunk takes: the time itself is what is looked at.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(line.sentBytes() - before).toBeLessThan(chunkSize);

  upload.resume();

  await expectStored(await upload.whenDone(), file);
});

test("paused before it began, it begins when resumed", async () => {
  const file = noise("small.mp4", 1000);
  const upload = (await openApp()).upload(file);
  upload.pause();
  await expect.poll(() => upload.store.getState().recordingId).not.toBeNull();
  expect(upload.store.getState()).toMatchObject({ status: "paused", sentBytes: 0 });

  upload.resume();

  await expectStored(await upload.whenDone(), file);
});

test("cancelled, nothing of it is left", async () => {
  const upload = (await openApp()).upload(noise());
  await sends(upload, chunkSize);
  const { recordingId } = upload.store.getState();

  await upload.cancel();

  expect(upload.store.getState().status).toBe("cancelled");
  const { data } = await user.client
    .from("video_recordings")
    .select()
    .eq("id", recordingId ?? 0);
  expect(data).toEqual([]);
  expect(urlStorage.size()).toBe(0);
  await expect(upload.whenDone()).rejects.toThrow("cancelled");
});

describe("what Storage refuses", () => {
  test.each([
    ["song.mp3", "", "mime_type_not_allowed", "song.mp3 is audio/mpeg"],
    ["notes.txt", "text/plain", "mime_type_not_allowed", "notes.txt is text/plain"],
    ["trip.mkv", "", "mime_type_not_allowed", "save it as MP4, MOV, WebM or 3GP"],
  ])("%s fails for good, and the recording says why", async (name, type, code, words) => {
    const upload = (await openApp()).upload(new File(["ID3"], name, { type }));

    await reaches(upload, "failed");

    const { problem, recordingId } = upload.store.getState();
    expect(problem).toMatchObject({ code, isRetryable: false });
    expect(problem?.message).toContain(words);
    const { data } = await user.client
      .from("video_recordings")
      .select("upload_status, error_code, analysis_jobs(status, error_code)")
      .eq("id", recordingId ?? 0)
      .single();
    expect(data).toEqual({
      upload_status: "failed",
      error_code: code,
      analysis_jobs: { status: "failed", error_code: code },
    });
  });
});

test("nobody signed in is a problem, not a crash", async () => {
  const client = createClient<Database>(line.url, stack.publishableKey, {
    auth: { persistSession: false },
  });
  const upload = createSideline(client).upload(noise());

  await expect(upload.whenDone()).rejects.toMatchObject({ code: "not_signed_in" });
});

test("what another account left in this browser is not taken up", async () => {
  const file = noise();
  const first = (await openApp()).upload(file);
  await sends(first, chunkSize);
  first.pause();
  const other = await createUser({ ...stack, apiUrl: line.url }, "other");

  const upload = (await openApp(other)).upload(file);
  const recordingId = await upload.whenDone();

  expect(upload.store.getState().isResumed).toBe(false);
  expect(recordingId).not.toBe(first.store.getState().recordingId);
  await other.client.from("video_recordings").delete().eq("id", recordingId);
});

test("an upload whose recording was deleted meanwhile begins anew", async () => {
  const file = noise();
  const first = (await openApp()).upload(file);
  await sends(first, chunkSize);
  first.pause();
  const deleted = first.store.getState().recordingId ?? 0;
  await user.client.from("video_recordings").delete().eq("id", deleted).throwOnError();

  const upload = (await openApp()).upload(file);
  const recordingId = await upload.whenDone();

  expect(recordingId).not.toBe(deleted);
  await expectStored(recordingId, file);
});

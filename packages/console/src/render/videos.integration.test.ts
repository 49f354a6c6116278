/** A person has a coached video made, sees it grow, plays it and sends a link. SQL plays the worker. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import { createServiceClient } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type OpenConsole, openConsole, signUp } from "../test/open-console.ts";
import { inspect, openPage } from "../test/open-page.ts";

const stack = inject("stack");
const admin = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
const worker = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
const token = "a0000000-0000-4000-8000-000000000001";
let place: OpenConsole;
let clip: Buffer<ArrayBuffer>;

beforeAll(async () => {
  clip = await readFile(join(projectDirectory, "samples", "rally.mp4"));
  place = await openConsole(stack);
}, 120_000);
afterAll(() => Promise.all([place?.close(), admin.end(), worker.end()]));

async function store(bucket: string, path: string): Promise<void> {
  const { error } = await createServiceClient(stack)
    .storage.from(bucket)
    .upload(path, new Blob([clip], { type: "video/mp4" }));
  if (error) throw error;
}

/** A recording of theirs whose feedback is complete: one remark, which is read only. */
async function analysed(email: string): Promise<{ userId: string; recordingId: number }> {
  const [user] = await admin<{ id: string }[]>`select id from auth.users where email = ${email}`;
  const userId = user?.id ?? "";
  await store("raw", `${userId}/clip.mp4`);
  return await admin.begin(async (sql) => {
    // Nothing is handed to the pipeline.
    await sql`set local session_replication_role = replica`;
    const [row] = await sql<{ id: number }[]>`
      with recording as (
        insert into public.video_recordings (user_id, filename, storage_path, upload_status)
        values (${userId}, 'clip.mp4', ${`${userId}/clip.mp4`}, 'completed') returning id
      ), job as (
        insert into public.analysis_jobs (video_recording_id, user_id, coach, status)
        select id, ${userId}, '{}', 'completed' from recording returning id
      ), remark as (
        insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
          category, severity, confidence, message, ssml_status, ssml_error_code)
        select id, ${userId}, 1, 2, 'motion', 'low', 0.5, 'Hop.', 'failed', 'ssml_invalid' from job
      )
      select id::int from recording`;
    return { userId, recordingId: row?.id ?? 0 };
  });
}

async function claimed(recordingId: number): Promise<number> {
  return await worker.begin(async (sql) => {
    const [row] = await sql<{ id: number }[]>`
      update public.render_jobs set status = 'processing', attempts = 1, started_at = now()
      where video_recording_id = ${recordingId} returning id::int`;
    await sql`update pipeline.tasks set turn = null, lease_token = ${token}, attempts = 1,
      available_at = now() + interval '1 minute'
      where stage = 'render' and subject_id = ${row?.id ?? 0}`;
    return row?.id ?? 0;
  });
}

test("a coached video is made, played and shared", async () => {
  const page = await openPage(place.browser, place.url);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const { userId, recordingId } = await analysed(await signUp(page));
  await page.goto(`${place.url}#/recordings/${recordingId}`);

  await page.getByLabel("While a remark is spoken").selectOption("duck");
  await page.getByRole("button", { name: "Make a video" }).click();
  await page.getByText("The video goes on beneath the voice").last().waitFor();
  await page.getByRole("progressbar").waitFor();
  const id = await claimed(recordingId);
  await worker`select pipeline.report_render_progress(${id}, ${token}, 42, 'encoding', 'started')`;
  await page.getByText("42 %").waitFor();
  const serious = await inspect(page, "recording-rendering");

  const path = `${userId}/renders/${id}.mp4`;
  await store("processed", path);
  const file = { path, bytes: clip.length, frames: 600, duration_seconds: 20 };
  const result = { id, lease_token: token, checksum: "a".repeat(64), ...file };
  await worker`select pipeline.complete_render(${worker.json([result])})`;
  const video = page.getByLabel("The coached video");
  await video.waitFor();
  await video.evaluate(async (element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error("It is no video.");
    element.muted = true;
    await element.play();
  });
  await expect
    .poll(() => video.evaluate((element) => (element as HTMLVideoElement).currentTime))
    .toBeGreaterThan(0.2);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the video" }).click();
  expect((await download).suggestedFilename()).toBe(`coached-${id}.mp4`);

  await page.getByLabel("How long the link is valid").selectOption("1");
  await page.getByRole("button", { name: "Make a public link" }).click();
  const link = await page.getByLabel("Public link").inputValue();
  const shared = await fetch(link);
  expect(Buffer.from(await shared.arrayBuffer()).equals(clip)).toBe(true);
  serious.push(...(await inspect(page, "recording-video")));
  await page.getByRole("button", { name: "End the link" }).click();
  await page.getByText("Link until").waitFor({ state: "detached" });
  expect((await fetch(link)).status).toBe(404);

  await page.getByRole("button", { name: "Delete the video" }).click();
  await video.waitFor({ state: "detached" });

  expect(serious).toEqual([]);
  expect(page.faults).toEqual([]);
  await page.context().close();
}, 120_000);

/** A person has a coached video made, sees it grow, plays it and sends a link. SQL plays the worker. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type OpenConsole, openConsole, signUp } from "../test/open-console.ts";
import { inspect, openPage } from "../test/open-page.ts";
import { readyRecording, store } from "../test/ready-recording.ts";

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
  const video = { bytes: clip, type: "video/mp4" } as const;
  const email = await signUp(page);
  const { userId, recordingId } = await readyRecording(stack, admin, { email, clip: video });
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
  await store(stack, ["processed", path], video);
  const file = { path, bytes: clip.length, frames: 600, duration_seconds: 20 };
  const result = { id, lease_token: token, checksum: "a".repeat(64), ...file };
  await worker`select pipeline.complete_render(${worker.json([result])})`;
  const made = page.getByLabel("The coached video");
  // Played before it has its address it would begin to load once more.
  await made.and(page.locator("[src]")).waitFor();
  await made.evaluate(async (element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error("It is no video.");
    element.muted = true;
    await element.play();
  });
  await expect
    .poll(() => made.evaluate((element) => (element as HTMLVideoElement).currentTime))
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
  await made.waitFor({ state: "detached" });

  expect(serious).toEqual([]);
  expect(page.faults).toEqual([]);
  await page.context().close();
}, 120_000);

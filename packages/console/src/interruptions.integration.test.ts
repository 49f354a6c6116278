/** What goes wrong on a person's way: a killed upload, a cut line, a failed remark, a stranger. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import { type Line, openLine } from "@sideline/proving-ground/testing";
import type { Page } from "playwright-core";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { type OpenConsole, openConsole, signUp } from "./test/open-console.ts";
import { hurryUntil, inspect, type OpenPage, openPage } from "./test/open-page.ts";

const stack = inject("stack");
const clip = join(projectDirectory, "samples", "rally.mp4");
/** Without triggers: what is written here is not handed to the pipeline. */
const sql = postgres(stack.adminDbUrl, {
  max: 1,
  onnotice: () => {},
  connection: { session_replication_role: "replica" },
});
let line: Line;
let place: OpenConsole;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-clip-"));
  line = await openLine(stack.apiUrl);
  place = await openConsole({ ...stack, apiUrl: line.url });
}, 120_000);
afterEach(() => line.mend());
afterAll(async () => {
  await place?.close();
  await line?.close();
  await sql.end();
  await rm(directory, { recursive: true, force: true });
});

/** The clip with a box at its end that players skip, so that it takes two chunks to send. */
async function longClip(): Promise<string> {
  const bytes = await readFile(clip);
  const padding = Buffer.alloc(7 * 1024 * 1024);
  padding.writeUInt32BE(padding.length, 0);
  padding.write("free", 4);
  const path = join(directory, "long.mp4");
  await writeFile(path, Buffer.concat([bytes, padding]));
  return path;
}

const heard = (page: Page) => page.getByRole("button", { name: "Hear this remark" });

interface Owner {
  page: OpenPage;
  url: string;
  recordingId: number;
}

/** Somebody whose recording is analysed: the tests share it, each from its page on. */
let owner: Owner | undefined;

async function signedUp(): Promise<OpenPage> {
  const page = await openPage(place.browser, place.url, { movesClock: true });
  await signUp(page);
  return page;
}

async function analysed(page: OpenPage): Promise<Owner> {
  await page.waitForURL(/#\/recordings\/\d+$/);
  await heard(page).nth(2).waitFor({ timeout: 60_000 });
  return { page, url: page.url(), recordingId: Number(/(\d+)$/.exec(page.url())?.[1]) };
}

async function openRecording(): Promise<OpenPage> {
  if (!owner) {
    const page = await signedUp();
    await page.getByLabel("Choose a video").setInputFiles(clip);
    owner = await analysed(page);
  }
  await owner.page.goto(owner.url);
  await heard(owner.page).nth(2).waitFor({ timeout: 60_000 });
  owner.page.faults.length = 0;
  return owner.page;
}

/** Of the owner's first remark. */
async function change(assignments: postgres.Fragment): Promise<void> {
  await sql`
    update public.analysis_feedback set ${assignments}
    where id = (
      select f.id from public.analysis_feedback as f
      join public.analysis_jobs as j on j.id = f.analysis_job_id
      where j.video_recording_id = ${owner?.recordingId ?? 0} order by f.start_seconds limit 1
    )`;
}

test("an upload that was cut off goes on after a reload, into the same recording", async () => {
  const page = await signedUp();
  const long = await longClip();
  line.cutAfter(6.5 * 1024 * 1024);
  await page.getByLabel("Choose a video").setInputFiles(long);
  await hurryUntil(page, page.getByText("Failed", { exact: true }));
  expect(await page.getByRole("alert").first().textContent()).toContain("The connection broke.");
  const serious = await inspect(page, "upload-interrupted");
  line.mend();
  await page.reload();
  await page.getByRole("heading", { name: "Your recordings" }).waitFor();
  const lines = page.getByRole("listitem");
  await expect.poll(() => lines.count()).toBe(1);

  // What was sent is not sent again.
  const before = line.sentBytes();
  await page.getByLabel("Choose a video").setInputFiles(long);
  await page.waitForURL(/#\/recordings\/\d+$/);
  expect(line.sentBytes() - before).toBeLessThan(2 * 1024 * 1024);
  owner = await analysed(page);
  await page.getByRole("link", { name: "All recordings" }).click();

  await expect.poll(() => lines.count()).toBe(1);
  expect(serious).toEqual([]);
}, 180_000);

test("a line that is cut is said, and made good when it is back", async () => {
  const page = await openRecording();
  const offline = page.getByText("No connection.");
  line.cut();
  await hurryUntil(page, offline);
  const serious = await inspect(page, "recording-offline");
  await change(sql`message = 'Changed meanwhile.'`);
  line.mend();

  await hurryUntil(page, page.getByRole("listitem").getByText("Changed meanwhile."));
  await offline.waitFor({ state: "detached" });

  // A page that is opened without a line is whole when it is back.
  await page.getByRole("link", { name: "All recordings" }).click();
  await expect.poll(() => page.getByRole("listitem").count()).toBe(1);
  line.cut();
  await page.getByRole("listitem").getByRole("link").click();
  await hurryUntil(page, offline);
  line.mend();
  await heard(page).nth(2).waitFor({ timeout: 30_000 });
  await expect
    .poll(() => page.evaluate(() => document.querySelector("video")?.readyState))
    .toBeGreaterThan(0);

  // What a server refuses is no fault of the line.
  const reads = "**/rest/v1/video_recordings*";
  const headers = { "access-control-allow-origin": "*" };
  await page.route(reads, (route) => route.fulfill({ status: 500, headers, json: {} }));
  await page.reload();
  await page.getByText("The server did not answer as it should.").waitFor({ timeout: 30_000 });
  await page.unroute(reads);
  await heard(page).nth(2).waitFor({ timeout: 30_000 });
  expect(serious).toEqual([]);
}, 180_000);

test("a remark that failed says so, and is heard after a retry", async () => {
  const page = await openRecording();
  await change(sql`audio_status = 'failed', audio_error_code = 'audio_silent'`);
  await page.getByText("The sound of this remark is silent.").waitFor();
  expect(await heard(page).count()).toBe(2);
  const serious = await inspect(page, "remark-failed");

  await page.getByRole("button", { name: "Try again" }).click();

  await heard(page).nth(2).waitFor({ timeout: 60_000 });
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(serious).toEqual([]);
  expect(page.faults).toEqual([]);
}, 180_000);

test("two people side by side see their own recordings only", async () => {
  const page = await openRecording();
  const stranger = await openPage(place.browser, place.url);
  await signUp(stranger);

  await stranger.goto(page.url());
  await stranger.getByText("This recording is not there any more.").waitFor();
  await stranger.getByRole("link", { name: "All recordings" }).click();
  await stranger.getByText("No recording yet.").waitFor();

  // Who signs in next on the same page does not see what was there before.
  await page.getByRole("link", { name: "All recordings" }).click();
  await expect.poll(() => page.getByRole("listitem").count()).toBe(1);
  await page.getByRole("button", { name: "Sign out" }).click();
  await signUp(page);
  await page.getByText("No recording yet.").waitFor();
  expect([...page.faults, ...stranger.faults]).toEqual([]);
}, 180_000);

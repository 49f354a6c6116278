/** A thousand recordings: the list scrolls smoothly, and a recording is soon there. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import type { Page } from "playwright-core";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { makeWav } from "../../../supabase/functions/_shared/testing/make-wav.ts";
import { type OpenConsole, openConsole, signUp } from "./test/open-console.ts";
import { openPage } from "./test/open-page.ts";
import { readyRecording } from "./test/ready-recording.ts";

const stack = inject("stack");
const clips = join(projectDirectory, "packages", "local-providers", "test-media");
/** Without triggers: these recordings are not analysed. */
const sql = postgres(stack.adminDbUrl, {
  max: 1,
  onnotice: () => {},
  connection: { session_replication_role: "replica" },
});
let place: OpenConsole;

beforeAll(async () => {
  place = await openConsole(stack);
}, 120_000);
afterAll(async () => {
  await place?.close();
  await sql.end();
});

async function insertRecordings(email: string, count: number): Promise<void> {
  await sql`
    with recordings as (
      insert into public.video_recordings
        (user_id, filename, storage_path, upload_status, duration_seconds, created_at)
      select u.id, 'training-' || i || '.mp4', u.id || '/' || i || '.mp4', 'completed', 20,
        now() - make_interval(hours => i)
      from auth.users as u, generate_series(1, ${count}::int) as i where u.email = ${email}
      returning id, user_id
    )
    insert into public.analysis_jobs (video_recording_id, user_id, status, title, coach)
    select id, user_id, 'completed', 'Training no. ' || id, '{}' from recordings`;
}

/** @returns how many milliseconds the page's main thread has computed since, whatever else ran */
async function cpuClock(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
  };
  const start = await read();
  return async () => (await read()) - start;
}

/** Scrolls to the end step by step, a step a frame, and measures the frames and the tasks. */
function scrollThrough(page: Page) {
  return page.evaluate(async () => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    });
    observer.observe({ type: "longtask" });
    const frames: number[] = [];
    let before = performance.now();
    while (scrollY + innerHeight < document.documentElement.scrollHeight - 1) {
      scrollBy(0, 300);
      const now = await new Promise<number>(requestAnimationFrame);
      frames.push(now - before);
      before = now;
    }
    observer.disconnect();
    frames.sort((one, other) => one - other);
    const at = (share: number) => Math.round(frames[Math.floor(frames.length * share)] ?? 0);
    return { frames: frames.length, p50: at(0.5), p95: at(0.95), longest: Math.max(0, ...tasks) };
  });
}

/** @returns milliseconds, by the page's own clock, from a press on the first line to a player */
async function pressAndUse(page: Page) {
  const spent = await cpuClock(page);
  const pressedToUsed = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!document.querySelector("button[aria-label=Play]:not(:disabled)")) return;
          observer.disconnect();
          // As soon as it is painted, and the thread is free to answer.
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed)));
        });
        observer.observe(document.body, { childList: true, subtree: true });
        const pressed = performance.now();
        document.querySelector<HTMLElement>("li a")?.click();
      }),
  );
  return { pressedToUsed: Math.round(pressedToUsed), computed: Math.round(await spent()) };
}

test("a list of a thousand recordings scrolls smoothly", async () => {
  const page = await openPage(place.browser, place.url);
  await insertRecordings(await signUp(page), 1_000);
  await page.reload();
  await page
    .getByText(/^Training no/)
    .first()
    .waitFor();

  // It grows as its end comes near.
  const lines = page.getByRole("listitem");
  await expect
    .poll(
      async () => {
        await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        return await lines.count();
      },
      { timeout: 60_000 },
    )
    .toBe(1_000);

  await page.evaluate(() => scrollTo(0, 0));
  const spent = await cpuClock(page);
  const { frames, p50, p95, longest } = await scrollThrough(page);
  const perFrame = (await spent()) / frames;
  console.info(
    `1,000 recordings scrolled in ${frames} frames, ${perFrame.toFixed(1)} ms of CPU each; by the clock ${p50} ms (95 %: ${p95} ms), the longest task ${Math.round(longest)} ms.`,
  );
  expect(frames).toBeGreaterThan(100);
  // CPU time, since machines of tests are busy. A frame may take no longer at 60 a second.
  expect(perFrame).toBeLessThan(16);

  // The page of a recording can be used as soon as its player can.
  const first = page.getByRole("listitem").getByRole("link").first();
  await first.scrollIntoViewIfNeeded();
  await page.waitForLoadState("networkidle");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.resourceType()));
  const { pressedToUsed, computed } = await pressAndUse(page);
  console.info(
    `A recording's page could be used ${pressedToUsed} ms after the press, ${computed} ms of CPU.`,
  );
  // CPU time, since machines of tests are busy; what is waited for is one read, and no file.
  expect(computed).toBeLessThan(500);
  expect(asked.filter((type) => type === "script" || type === "stylesheet")).toEqual([]);
}, 120_000);

test("a clip whose picture the browser cannot show says so, and its remarks are heard", async () => {
  const page = await openPage(place.browser, place.url);
  const { recordingId } = await readyRecording(stack, sql, {
    email: await signUp(page),
    clip: { bytes: await readFile(join(clips, "hevc.mp4")), type: "video/mp4" },
    sound: { bytes: makeWav({ seconds: 1, amplitude: 0.3 }), type: "audio/wav" },
  });
  await page.goto(`${place.url}#/recordings/${recordingId}`);
  const hear = page.getByRole("button", { name: "Hear this remark" });
  await hear.first().waitFor({ timeout: 60_000 });

  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.getByText("This browser cannot show the picture of this clip.").waitFor();
  await hear.first().click();

  await expect
    .poll(() => page.evaluate(() => document.querySelector("audio")?.currentTime ?? 0))
    .toBeGreaterThan(0.3);
}, 120_000);

/** A person's way through the console, in a real browser, from sign-up to hearing a remark. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type ServedConsole, serveConsole } from "./serve/index.ts";
import { launchBrowser } from "./test/chromium.ts";
import { inspect, openPage } from "./test/open-page.ts";

const stack = inject("stack");
const clip = join(projectDirectory, "samples", "rally.mp4");
let directory: string;
let served: ServedConsole;
let browser: Browser;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-console-"));
  served = await serveConsole({ project: stack, outDirectory: directory });
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await served?.close();
  await rm(directory, { recursive: true, force: true });
});

async function signUp(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.getByLabel("Email").fill(`viewer-${crypto.randomUUID()}@sideline.test`);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Your recordings" }).waitFor();
}

const media = (page: Page, kind: "video" | "audio") =>
  page.evaluate((name) => {
    const element = document.querySelector<HTMLMediaElement>(name);
    const frames = element instanceof HTMLVideoElement ? element.getVideoPlaybackQuality() : null;
    return {
      seconds: element?.currentTime ?? 0,
      isPaused: element?.paused ?? true,
      frames: frames?.totalVideoFrames ?? 0,
    };
  }, kind);

test("from sign-up to hearing a remark", async () => {
  const page = await openPage(browser, served.url);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const serious = await inspect(page, "sign-in");
  await signUp(page);
  serious.push(...(await inspect(page, "home-empty")));

  await page.getByLabel("Choose a video").setInputFiles(clip);
  await page.waitForURL(/#\/recordings\/\d+$/);
  const hear = page.getByRole("button", { name: "Hear this remark" });
  await hear.nth(2).waitFor({ timeout: 60_000 });
  await page.getByRole("heading", { level: 1 }).waitFor();
  serious.push(...(await inspect(page, "recording")));

  // Its moment comes: the video stops, the remark is heard, the video goes on.
  const bar = page.getByLabel("Position in the video");
  await bar.fill("3.2");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect.poll(async () => (await media(page, "audio")).seconds).toBeGreaterThan(0.3);
  const video = await media(page, "video");
  expect(video.frames).toBeGreaterThan(5);
  expect(video.isPaused).toBe(true);
  expect(video.seconds).toBeGreaterThanOrEqual(4);
  expect(video.seconds).toBeLessThan(4.6);
  serious.push(...(await inspect(page, "recording-spoken")));
  await page.keyboard.press("k");

  // A remark on the bar seeks; so does the one in the list, and the keys.
  await page.getByRole("button", { name: /^0:12: / }).click();
  expect((await media(page, "video")).seconds).toBeCloseTo(12, 1);
  await page.keyboard.press("p");
  expect((await media(page, "video")).seconds).toBeCloseTo(7, 1);
  await page.getByRole("button", { name: "0:12–0:15" }).click();
  expect((await media(page, "video")).seconds).toBeCloseTo(12, 1);
  await hear.first().click();
  await expect.poll(async () => (await media(page, "audio")).seconds).toBeGreaterThan(0.3);

  await page.getByRole("link", { name: "All recordings" }).click();
  const line = page.getByRole("listitem").first();
  await expect.poll(() => line.textContent()).toContain("Ready");
  serious.push(...(await inspect(page, "home")));
  await page.getByLabel("Language", { exact: true }).selectOption("de");
  await page.getByRole("heading", { name: "Deine Aufnahmen" }).waitFor();

  expect(serious).toEqual([]);
  expect(page.faults).toEqual([]);
}, 180_000);

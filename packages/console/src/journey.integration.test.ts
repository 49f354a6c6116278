/** A person's way through the console, in a real browser, from sign-up to hearing a remark. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RenderElement } from "@sideline/contracts";
import { projectDirectory } from "@sideline/local-stack";
import { createServiceClient } from "@sideline/proving-ground/testing";
import { runCompositor } from "@sideline/render-worker";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { makeWav } from "../../../supabase/functions/_shared/testing/make-wav.ts";
import { findBriefs, strongest, workOutBrief } from "./briefs/brief-journey.ts";
import { type OpenConsole, openConsole, signUp } from "./test/open-console.ts";
import { inspect, type OpenPage, openPage } from "./test/open-page.ts";
import { playFile } from "./test/play-file.ts";

const clip = join(projectDirectory, "samples", "rally.mp4");
let place: OpenConsole;
/** Who went through the first test, at the page of a recording that has just been uploaded. */
let viewer: { page: OpenPage; email: string } | undefined;

beforeAll(async () => {
  place = await openConsole(inject("stack"));
}, 120_000);
afterAll(() => place?.close());

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
  const page = await openPage(place.browser, place.url);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const serious = await inspect(page, "sign-in");
  const email = await signUp(page);
  serious.push(...(await inspect(page, "home-empty")));
  const brief = await workOutBrief(page);
  serious.push(...brief.serious);

  await page.getByLabel("Choose a video").setInputFiles(clip);
  await page.waitForURL(/#\/recordings\/\d+$/);
  const uploaded = performance.now();
  const hear = page.getByRole("button", { name: "Hear this remark" });
  await page.getByRole("list").getByRole("listitem").first().waitFor({ timeout: 60_000 });
  const visible = performance.now() - uploaded;
  await hear.first().waitFor({ timeout: 60_000 });
  const playable = performance.now() - uploaded;
  console.info(
    `After the upload: a remark to read in ${Math.round(visible)} ms, to hear in ${Math.round(playable)} ms.`,
  );
  await hear.nth(2).waitFor({ timeout: 60_000 });
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await page.getByText(`From the brief: ${strongest}`).count()).toBe(2);
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

  // Nobody need know the keys by heart.
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).getByText("Previous remark").waitFor();
  serious.push(...(await inspect(page, "recording-keys")));
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  // A remark on the bar seeks; so does the one in the list, and the keys.
  await page.getByRole("button", { name: /^0:12: / }).click();
  expect((await media(page, "video")).seconds).toBeCloseTo(12, 1);
  await page.keyboard.press("p");
  expect((await media(page, "video")).seconds).toBeCloseTo(4, 1);
  await page.getByRole("button", { name: "0:12–0:15" }).click();
  expect((await media(page, "video")).seconds).toBeCloseTo(12, 1);
  await hear.first().click();
  await expect.poll(async () => (await media(page, "audio")).seconds).toBeGreaterThan(0.3);

  // Other words are spoken anew.
  const first = page.getByRole("list").getByRole("listitem").first();
  await first.getByRole("button", { name: "Edit the words" }).click();
  await first.getByLabel("Words").fill("Bend your knees.");
  await first.getByLabel("Practise").fill("");
  serious.push(...(await inspect(page, "remark-edited")));
  await first.getByRole("button", { name: "Save and hear anew" }).click();
  await first.getByText("Bend your knees.", { exact: true }).waitFor();
  await first.getByText("Queued").or(first.getByText("Working")).first().waitFor();
  await expect.poll(() => hear.count(), { timeout: 60_000 }).toBe(3);
  await hear.first().click();
  await expect.poll(async () => (await media(page, "audio")).seconds).toBeGreaterThan(0.3);
  await page.keyboard.press("k");

  // The brief that it followed is a press away, and says what came of its rules.
  await page.getByRole("link", { name: "Followed revision 10 of the brief" }).click();
  await page.getByText("2 remarks so far").waitFor();
  serious.push(...(await findBriefs(page, brief.id)));

  await page.getByRole("link", { name: "Sideline" }).click();
  const line = page.getByRole("listitem").first();
  await expect.poll(() => line.textContent()).toContain("Ready");
  serious.push(...(await inspect(page, "home")));
  await page.getByLabel("Language", { exact: true }).selectOption("de");
  await page.getByRole("heading", { name: "Deine Aufnahmen" }).waitFor();

  // The next one is spoken about in German.
  await page.getByLabel("Worauf es ankommt").selectOption({ label: "Nichts Bestimmtes" });
  await page.getByLabel("Sprache der Rückmeldung").selectOption("de-DE");
  await drop(page, "Video hier ablegen", clip);
  await page.waitForURL(/#\/recordings\/\d+$/);
  const [, recordingId] = /(\d+)$/.exec(page.url()) ?? [];
  const { data } = await createServiceClient(inject("stack"))
    .from("video_recordings")
    .select("language")
    .eq("id", Number(recordingId));
  expect(data).toEqual([{ language: "de-DE" }]);

  expect(serious).toEqual([]);
  expect(page.faults).toEqual([]);
  viewer = { page, email };
}, 300_000);

async function newViewer(): Promise<NonNullable<typeof viewer>> {
  const page = await openPage(place.browser, place.url);
  const email = await signUp(page);
  await drop(page, "Drop a video here", clip);
  await page.waitForURL(/#\/recordings\/\d+$/);
  return { page, email };
}

test("what one owns one deletes: a sound, a recording, the account", async () => {
  const { page, email } = viewer ?? (await newViewer());
  const address = new URL(page.url()).hash;
  await page
    .getByRole("combobox", { name: /^(Language|Sprache)$/ })
    .first()
    .selectOption("en");
  const hear = page.getByRole("button", { name: "Hear this remark" });
  await hear.nth(2).waitFor({ timeout: 60_000 });
  const question = page.getByRole("dialog");

  // Asked, and not wanted.
  await page.getByRole("button", { name: "Delete the audio" }).first().click();
  const serious = await inspect(page, "delete-audio");
  await question.getByRole("button", { name: "Keep it" }).click();
  await question.waitFor({ state: "detached" });
  expect(await hear.count()).toBe(3);

  await page.getByRole("button", { name: "Delete the audio" }).first().click();
  await question.getByRole("button", { name: "Delete the audio" }).click();
  await page.getByText("You have deleted the sound of this remark.").waitFor();
  expect(await hear.count()).toBe(2);

  await page.getByRole("button", { name: "Delete the recording" }).click();
  await question.getByRole("button", { name: "Delete the recording" }).click();
  await page.getByRole("heading", { name: "Your recordings" }).waitFor();
  await page.locator(`a[href="${address}"]`).waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Delete my account" }).click();
  const last = question.getByRole("button", { name: "Delete my account" });
  expect(await last.isDisabled()).toBe(true);
  await question.getByLabel(`Type ${email} to confirm`).fill(email);
  await last.click();
  await page.getByRole("button", { name: "Create an account" }).waitFor();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("This email and password do not belong together.").waitFor();
  expect(serious).toEqual([]);
}, 300_000);

/** As a hand drops a file out of a folder. */
async function drop(page: Page, zone: string, path: string): Promise<void> {
  const bytes = (await readFile(path)).toString("base64");
  const transfer = await page.evaluateHandle(async (base64) => {
    const blob = await (await fetch(`data:video/mp4;base64,${base64}`)).blob();
    const dropped = new DataTransfer();
    dropped.items.add(new File([blob], "rally.mp4", { type: "video/mp4" }));
    return dropped;
  }, bytes);
  await page.getByText(zone).dispatchEvent("dragover", { dataTransfer: transfer });
  await page.getByText(zone).dispatchEvent("drop", { dataTransfer: transfer });
}

test.each(["mp4", "webm"] as const)(
  "a made video plays, as %s: every picture, and what is heard at its moment",
  async (format) => {
    const directory = await mkdtemp(join(tmpdir(), "sideline-played-"));
    try {
      const voice = join(directory, "voice.wav");
      await writeFile(voice, makeWav({ seconds: 0.4, amplitude: 0.3 }));
      const output = join(directory, `made.${format}`);
      const clipElement = elementOf({ path: "clip", duration_seconds: 1, volume: 0 });
      const voiceElement = elementOf({
        id: 2,
        element_type: "audio",
        path: "voice",
        start_seconds: 0.6,
        duration_seconds: 0.4,
      });
      const { frames, seconds } = await runCompositor(
        {
          ...{ format, width: 160, height: 90, fps: 15, options: {}, coaching: null, output },
          elements: [clipElement, voiceElement],
          files: { "raw/clip": clip, "raw/voice": voice },
        },
        { memoryBytes: 2 ** 31, renderMs: 60_000 },
        AbortSignal.timeout(60_000),
        () => undefined,
      );

      const played = await playFile(place.browser, output, `video/${format}`);

      expect(frames).toBe(15);
      expect(played).toMatchObject({ width: 160, height: 90, frames });
      expect(Math.abs(played.seconds - seconds)).toBeLessThan(0.1);
      expect(Math.abs((played.onset ?? 0) - 0.6)).toBeLessThan(0.04);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
);

/** A video that fills the frame, but for what is said. */
function elementOf(said: Partial<RenderElement>): RenderElement {
  return {
    ...{ id: 1, layer: 0, element_type: "video", bucket: "raw", path: null, text: null },
    ...{ style: null, x: null, y: null, width: null, height: null, fit_mode: "auto" },
    ...{ start_seconds: 0, duration_seconds: null, trim_start_seconds: null },
    ...{ volume: null, opacity: null },
    ...said,
  };
}

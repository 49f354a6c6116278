import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";

export interface Played {
  width: number;
  height: number;
  seconds: number;
  /** Pictures that were shown or dropped. */
  frames: number;
  /** Second at which the sound is first louder than a whisper; null where it never is. */
  onset: number | null;
}

/** Plays a video file from its beginning to its end in a browser. */
export async function playFile(browser: Browser, file: string, type: string): Promise<Played> {
  const address = `data:${type};base64,${(await readFile(file)).toString("base64")}`;
  const page = await browser.newPage();
  try {
    return await page.evaluate(async (src) => {
      const video = document.createElement("video");
      video.src = src;
      document.body.append(video);
      await new Promise<void>((resolve, reject) => {
        video.onended = () => resolve();
        video.onerror = () => reject(new Error(video.error?.message));
        video.play().catch(reject);
      });
      const bytes = await (await fetch(src)).arrayBuffer();
      const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
      const first = sound.getChannelData(0).findIndex((sample) => Math.abs(sample) > 0.05);
      return {
        width: video.videoWidth,
        height: video.videoHeight,
        seconds: video.duration,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
        onset: first < 0 ? null : first / sound.sampleRate,
      };
    }, address);
  } finally {
    await page.close();
  }
}

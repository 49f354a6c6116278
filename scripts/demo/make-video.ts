import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isUnderWay, type Render, type Sideline } from "@sideline/client";
import { shortPath } from "./collect-result.ts";
import { DemoFailure, type VideoFile } from "./demo-result.ts";
import type { DemoOptions } from "./options.ts";
import { progressBar } from "./screen/progress-bar.ts";
import type { Screen } from "./screen/screen.ts";

/** Gives up when a render has not gone on for so long. */
const patienceMs = 120_000;

/**
 * Has the coached video of a recording made, and downloads it as its owner.
 * @throws DemoFailure where it could not be made
 */
export async function makeVideo(
  sideline: Sideline,
  recordingId: number,
  { outDirectory, size }: Pick<DemoOptions, "outDirectory" | "size">,
  screen: Screen,
): Promise<VideoFile> {
  const started = Date.now();
  const renderId = await sideline.renderRecording(recordingId, { size });
  const render = await finished(sideline, renderId, screen);
  if (render.status !== "completed" || render.path === null) {
    const reason = render.lastError ?? `it is ${render.status}`;
    throw new DemoFailure(
      render.errorCode ?? "internal_error",
      `The coached video was not made: ${reason}`,
      { recordingId },
    );
  }
  const { data, error } = await sideline.supabase.storage.from("processed").download(render.path);
  if (error) throw error;
  const folder = join(outDirectory, String(recordingId));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `coached.${render.format}`);
  const bytes = new Uint8Array(await data.arrayBuffer());
  await writeFile(file, bytes, { mode: 0o600 });
  return {
    file: shortPath(file),
    bytes: bytes.length,
    durationSeconds: render.durationSeconds ?? 0,
    milliseconds: Date.now() - started,
  };
}

/** Shows how far it is until it has ended. */
async function finished(sideline: Sideline, renderId: number, screen: Screen): Promise<Render> {
  const { promise, resolve, reject } = Promise.withResolvers<Render>();
  const giveUp = () =>
    reject(new DemoFailure("out_of_time", "No render worker goes on with the coached video."));
  let timer = setTimeout(giveUp, patienceMs);
  const stop = sideline.subscribeToRender(renderId, (render) => {
    if (!render) return reject(new DemoFailure("not_found", "The render is not there any more."));
    if (!isUnderWay(render)) return resolve(render);
    clearTimeout(timer);
    timer = setTimeout(giveUp, patienceMs);
    const share = render.progressPercent / 100;
    screen.live(
      `Making the coached video ${progressBar(30, share)} ${render.progressPercent} % ${render.step ?? ""}`,
    );
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await stop();
  }
}

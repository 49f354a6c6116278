import { join } from "node:path";
import { runFfmpeg } from "../../../../samples/ffmpeg.ts";
import { type FrameOptions, renderFrames } from "../../../../samples/frames.ts";
import { MOVES } from "./clip.ts";
import type { Tools } from "./tools.ts";

const SIZE = { width: 320, height: 180, framesPerSecond: 15, seconds: 10 };

const SCENES: Record<string, FrameOptions> = {
  /** Moves from 3 to 5 s and from 7 to 8.5 s, and rests with a camera's grain. */
  moves: { ...SIZE, grain: 4, bursts: MOVES },
  /** Only breath and grain. */
  rests: { ...SIZE, grain: 4, bursts: [] },
  /** One picture; clips of it say for how long they hold it. */
  frozen: { ...SIZE, seconds: 1 / 15, grain: 4, bursts: [] },
};

/** Draws the scenes into `folder`, uncompressed; the path of one by its name. */
export async function drawScenes(
  folder: string,
  { ffmpeg }: Tools,
): Promise<(name: string) => string> {
  const place = (name: string) => join(folder, `${name}.nut`);
  for (const [name, scene] of Object.entries(SCENES)) {
    const raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "320x180", "-r", "15", "-i", "-"];
    const args = [...raw, "-pix_fmt", "yuv420p", "-c:v", "rawvideo", place(name)];
    await runFfmpeg(args, renderFrames(scene), ffmpeg);
  }
  return place;
}

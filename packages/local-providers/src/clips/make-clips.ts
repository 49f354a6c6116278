import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clip } from "./clip.ts";
import { drawScenes } from "./scenes.ts";
import { run, type Tools } from "./tools.ts";

/** Makes the clips in `folder`, in order: a clip may be made from one before it. */
export async function makeClips(
  clips: readonly Clip[],
  folder: string,
  tools: Tools,
): Promise<void> {
  const scene = await drawScenes(folder, tools);
  for (const clip of clips) {
    const path = join(folder, clip.file);
    const { from } = clip;
    const input = typeof from === "object" ? join(folder, from.clip) : scene(from);
    if (clip.args !== undefined) {
      const source = from === "nothing" ? [] : [...words(clip.inputArgs), "-i", input];
      const args = ["-v", "error", "-y", ...source, ...words(clip.args), "-threads", "1", path];
      await run(tools.ffmpeg, args);
    } else if (from === "nothing") await writeFile(path, "");
    else await copyFile(input, path);
    if (clip.change !== undefined) await writeFile(path, clip.change(await readFile(path)));
  }
}

function words(line = ""): string[] {
  return line.split(" ").filter((word) => word !== "");
}

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The path of a clip in `test-media/`; what moves in it when is in the script beside them. */
export function clip(file: string): string {
  return fileURLToPath(new URL(`../test-media/${file}`, import.meta.url));
}

/** The sample clip: bursts from 4 to 7 and from 12 to 15 of 20 seconds. */
export const SAMPLE = fileURLToPath(new URL("../../../samples/rally.mp4", import.meta.url));

/** The first `share` (0 to 1) of a clip's bytes: an upload or a recording that was cut short. */
export async function firstPart(file: string, share: number): Promise<Buffer> {
  const bytes = await readFile(clip(file));
  return bytes.subarray(0, Math.floor(bytes.length * share));
}

/** Runs `use` with the path of a temporary file that holds `bytes`. */
export async function withFile<T>(
  bytes: Uint8Array,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "sideline-clip-"));
  try {
    const path = join(folder, "clip");
    await writeFile(path, bytes);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

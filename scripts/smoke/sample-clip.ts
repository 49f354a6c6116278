import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../project-root.ts";

/** The sample clip as an app would hold it. */
export async function readSampleClip(): Promise<Blob> {
  return new Blob([await readFile(join(projectRoot, "samples", "rally.mp4"))], {
    type: "video/mp4",
  });
}

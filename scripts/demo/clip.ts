import { constants, openAsBlob } from "node:fs";
import { access, stat } from "node:fs/promises";
import { basename } from "node:path";
import { fileTypeFromFile } from "file-type";
import { DemoFailure } from "./demo-result.ts";

/** A file on disk that is about to be uploaded. */
export interface Clip {
  name: string;
  /** Bytes. */
  size: number;
  /** What it holds, read from the disk as it is needed. */
  content: Blob;
}

/**
 * Looks at the file before anything is started for it.
 * @throws DemoFailure `video_missing` where there is no readable file
 */
export async function openClip(path: string): Promise<Clip> {
  const info = await stat(path).catch(() => null);
  if (!info) throw new DemoFailure("video_missing", `There is no file at ${path}.`);
  if (!info.isFile()) throw new DemoFailure("video_missing", `${path} is not a file.`);
  await access(path, constants.R_OK).catch(() => {
    throw new DemoFailure("video_missing", `${path} cannot be read by this user.`);
  });
  const content = await openAsBlob(path, { type: await typeByContent(path) });
  return { name: basename(path), size: info.size, content };
}

/** What Storage calls these. */
const storageTypes: Record<string, string> = {
  "video/matroska": "video/x-matroska",
};

/** A file's type whatever it is called; empty for one of no known format, whose name must do. */
async function typeByContent(path: string): Promise<string> {
  // A file that breaks the detector is of no format that it knows.
  const type = await fileTypeFromFile(path).catch(() => undefined);
  return type === undefined ? "" : (storageTypes[type.mime] ?? type.mime);
}

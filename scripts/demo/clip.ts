import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { DemoFailure } from "./demo-result.ts";

/** A file on disk that is about to be uploaded. */
export interface Clip {
  path: string;
  name: string;
  /** Lower case, with the dot, e.g. ".mp4"; may be empty. */
  extension: string;
  mimeType: string;
  /** Bytes. */
  size: number;
}

/** Browsers derive the type from the extension too; Storage's bucket decides what it takes. */
const mimeTypes: Record<string, string> = {
  ".mp4": "video/mp4",
  ".m4v": "video/mp4",
  ".mov": "video/quicktime",
  ".qt": "video/quicktime",
  ".webm": "video/webm",
  ".mkv": "video/x-matroska",
  ".3gp": "video/3gpp",
  ".avi": "video/x-msvideo",
  ".m4a": "audio/mp4",
  ".mp3": "audio/mpeg",
  ".wav": "audio/wav",
};

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
  const extension = extname(path).toLowerCase();
  return {
    path,
    name: basename(path),
    extension,
    mimeType: mimeTypes[extension] ?? "application/octet-stream",
    size: info.size,
  };
}

import { videoTypeOf } from "@sideline/contracts/video-types";

/** Files that people try as well, and that browsers may not know: so the refusal can name them. */
const otherTypes: Record<string, string> = {
  mkv: "video/x-matroska",
  avi: "video/x-msvideo",
  m4a: "audio/mp4",
  mp3: "audio/mpeg",
  wav: "audio/wav",
};

/** Lower case, without the dot; empty where the name has none. */
export function extensionOf(name: string): string {
  return /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

/**
 * What Storage is told; its bucket decides what it takes. Browsers derive a file's type from its
 * extension, but not for all that is accepted, and not always under the name that Storage knows.
 */
export function mediaTypeOf(name: string, type: string): string {
  const extension = extensionOf(name);
  const accepted = videoTypeOf(type === "" ? { extension } : { mediaType: type });
  return accepted?.mediaType ?? (type || otherTypes[extension] || "application/octet-stream");
}

/** Browsers derive a file's type from its extension, but not for all that the pipeline reads. */
const byExtension: Record<string, string> = {
  mp4: "video/mp4",
  m4v: "video/mp4",
  mov: "video/quicktime",
  qt: "video/quicktime",
  webm: "video/webm",
  mkv: "video/x-matroska",
  "3gp": "video/3gpp",
  avi: "video/x-msvideo",
  m4a: "audio/mp4",
  mp3: "audio/mpeg",
  wav: "audio/wav",
};

/** Lower case, without the dot; empty where the name has none. */
export function extensionOf(name: string): string {
  return /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

/** What Storage is told; its bucket decides what it takes. */
export function mediaTypeOf(name: string, type: string): string {
  return type || byExtension[extensionOf(name)] || "application/octet-stream";
}

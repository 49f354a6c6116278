import { type FileTypeResult, fileTypeFromFile } from "file-type";
import { MPEG_TS, OGG } from "mediabunny";
import type { ByteFile } from "./byte-file.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";

/** What to use instead, in every refusal. */
const SUPPORTED = "use MP4, MOV, WebM or 3GP";

/** Names of video formats that people have files of and that cannot be read here. */
const VIDEO_NAMES: Record<string, string> = {
  asf: "Windows Media (WMV, ASF)",
  avi: "AVI",
  flv: "Flash Video (FLV)",
  mpg: "MPEG-1 and MPEG-2 (MPG, VOB)",
  mxf: "MXF",
  ogm: "Ogg video",
  ogv: "Ogg video",
};
/** Streams of pictures without a container, by their first bytes. */
const BARE_STREAMS: [name: string, first: RegExp][] = [
  ["a bare H.264 stream", /^(00){2,3}01(09|27|47|67)/],
  ["a bare H.265 stream", /^(00){2,3}01(40|42|44|46)/],
  ["a bare MPEG video stream", /^(00){2,3}01b3/],
  ["IVF", startOf("DKIF")],
  ["raw video (Y4M)", startOf("YUV4MPEG2 ")],
  ["RealMedia", startOf(".RMF")],
];
/** Formats that are read: a file of one that cannot be is broken. */
const READABLE = new Set(["mp4", "m4v", "mov", "webm", "mkv", "3gp", "3g2", "mts"]);
const KINDS: Record<string, string> = {
  image: "a picture",
  text: "text",
  font: "a font",
  model: "a 3D model",
  application: "a document or archive",
};

/**
 * Throws what a file is that is no video which can be read here: another video format, sound, a
 * picture, anything else. Told by content, whatever the file is called.
 */
export async function refuseOtherFormat(
  path: string,
  first: Uint8Array,
  size: number,
): Promise<never> {
  // A file that breaks the detector is of no format that it knows.
  const type = await fileTypeFromFile(path).catch(() => undefined);
  if (type !== undefined && READABLE.has(type.ext)) {
    throw new UnreadableVideoError(
      "damaged",
      `The video is damaged: it begins like ${type.ext.toUpperCase()} and cannot be followed.`,
    );
  }
  const video = videoName(type) ?? bareStream(first);
  if (video !== null) {
    throw new UnreadableVideoError(
      "unsupported",
      `${capital(video)} is not supported; ${SUPPORTED}.`,
    );
  }
  const kind = type?.mime.split("/")[0] ?? "";
  if (type !== undefined && kind === "audio") {
    throw new UnreadableVideoError(
      "audio_only",
      `The file has sound only: it is ${type.ext.toUpperCase()} audio.`,
    );
  }
  throw new UnreadableVideoError(
    "not_a_video",
    type === undefined
      ? `The file is not a video: its ${size} bytes begin like no video format that is known here; ${SUPPORTED}.`
      : `The file is not a video but ${KINDS[kind] ?? "something else"} (${type.ext.toUpperCase()}).`,
  );
}

function videoName(type: FileTypeResult | undefined): string | null {
  if (type === undefined) return null;
  const named = VIDEO_NAMES[type.ext];
  if (named !== undefined) return named;
  return type.mime.startsWith("video/") ? type.ext.toUpperCase() : null;
}

function bareStream(first: Uint8Array): string | null {
  const digits = Buffer.from(first).toString("hex");
  return BARE_STREAMS.find(([, pattern]) => pattern.test(digits))?.[0] ?? null;
}

function startOf(text: string): RegExp {
  return new RegExp(`^${Buffer.from(text).toString("hex")}`);
}

function capital(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** Throws why a file of a known container has no picture that can be read here. */
export async function refuseWithoutPicture(
  path: string,
  file: ByteFile,
  container: string,
  hasSound: boolean,
): Promise<never> {
  if (container === MPEG_TS.name) {
    throw new UnreadableVideoError(
      "unsupported",
      `The ${container} file holds no H.264 or H.265 video, and other video in it is not supported; ${SUPPORTED}.`,
    );
  }
  if (hasSound) throw soundAlone();
  if (container === OGG.name) await refuseOtherFormat(path, await file.readFresh(0, 16), file.size);
  throw new UnreadableVideoError("no_video", `The ${container} file has no video track.`);
}

export function soundAlone(): UnreadableVideoError {
  return new UnreadableVideoError(
    "audio_only",
    "The file has sound only: there is no video track in it.",
  );
}

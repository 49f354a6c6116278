import { limits, type VideoFault, videoTypes } from "@sideline/contracts";
import { CustomSource, Input, MP4, QTFF } from "mediabunny";
import { StageError } from "../../_shared/errors.ts";
import { type ByteSource, inBlocks, readUpTo, watched } from "./byte-source.ts";
import { isCutOff } from "./cut-off.ts";
import { readMovieHeader } from "./movie-header.ts";
import { sniffContainer } from "./sniff-container.ts";

/** What a stored video is, by its own bytes. */
export interface ProbedVideo {
  /** What Gemini calls it. */
  mimeType: string;
  /** Null where only who plays it can tell. */
  seconds: number | null;
}

const cacheBytes = 4 * 1024 * 1024;
/** Bytes of a file in fragments whose length nobody wrote down. */
const mostAddedUp = 32 * 1024 * 1024;

/**
 * Looks at a video before anybody is paid for it: a few reads of its head, its table of contents and
 * its end. Throws StageError `video_*` or `mime_type_not_allowed`, for good, where it can be of no use.
 */
export async function probeVideo(source: ByteSource): Promise<ProbedVideo> {
  if (source.size === 0) throw new StageError("video_empty", "fail");
  if (source.size > limits.videoBytes) throw new StageError("file_too_large", "fail");
  const container = sniffContainer(await readUpTo(source, 0, 4096));
  if (container === "none") throw unreadable("not_a_video");
  if (container === "other video" || container === "matroska") {
    throw new StageError("mime_type_not_allowed", "fail");
  }
  const mimeType = videoTypes[container].geminiType;
  // Bytes behind the last cluster send the media library into a loop that nothing can end: what a
  // WebM holds, and how long it is, the provider tells.
  if (container === "webm") return { mimeType, seconds: null };
  if (await isCutOff(inBlocks(source))) throw unreadable("cut_off");
  const seconds = await measure(source);
  if (seconds !== null && seconds > limits.videoSeconds)
    throw new StageError("video_too_long", "fail");
  return { mimeType, seconds };
}

/** Opens an MP4 or QuickTime file; what the library read too much is kept, within bounds. */
function openInput(source: ByteSource): Input {
  return new Input({
    formats: [MP4, QTFF],
    source: new CustomSource({
      getSize: () => source.size,
      read: (start, end) => source.read(start, end),
      maxCacheSize: cacheBytes,
      prefetchProfile: "network",
      // What fails while nothing waits for it fails again where something does.
      handleUnhandledError: () => undefined,
    }),
  });
}

async function measure(source: ByteSource): Promise<number | null> {
  const reading = watched(source);
  const input = openInput(reading.source);
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) {
      const sound = await input.getPrimaryAudioTrack();
      throw unreadable(sound ? "sound_only" : "not_a_video");
    }
    const header = await readMovieHeader(inBlocks(reading.source));
    // To add up fragments is to read the file.
    if (header.seconds === null && header.isFragmented && source.size > mostAddedUp) return null;
    const seconds = header.seconds ?? (await input.computeDuration());
    if (!(seconds > 0)) throw unreadable("no_frames");
    return seconds;
  } catch (error) {
    // A storage that is away is no damaged video.
    if (reading.failure !== undefined) throw reading.failure;
    if (error instanceof StageError) throw error;
    throw unreadable("damaged", error);
  } finally {
    input.dispose();
  }
}

function unreadable(videoFault: VideoFault, cause?: unknown): StageError {
  return new StageError("video_unreadable", "fail", { videoFault, cause });
}

import { open } from "node:fs/promises";
import {
  ADTS,
  FilePathSource,
  FLAC,
  Input,
  type InputVideoTrack,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from "mediabunny";
import { ActivityWindows } from "./activity.ts";
import { findMotion, type Motion } from "./bursts.ts";
import { findPossibleCuts } from "./cuts.ts";
import { checkMp4Layout } from "./mp4-layout.ts";
import { readFrames } from "./read-frames.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";
import { checkWebmLayout } from "./webm-layout.ts";

/**
 * Video containers, and those of sound alone, to tell them from junk. HLS stays out: a playlist
 * names other files and addresses, which an uploaded file must not make anyone read.
 */
const FORMATS = [MP4, QTFF, WEBM, MATROSKA, MPEG_TS, MP3, WAVE, OGG, FLAC, ADTS];

/** Everything the bitstream of one video shows. Nothing in it is guessed. */
export interface VideoFacts {
  container: string;
  videoCodec: string;
  /** As shown, after rotation. */
  width: number;
  height: number;
  /** Degrees clockwise that a player turns the frames by: 0, 90, 180 or 270. */
  rotation: number;
  /** Frames per second on average. */
  frameRate: number;
  frameCount: number;
  durationSeconds: number;
  sizeBytes: number;
  /** Null when there is no sound track. */
  audio: { codec: string; channels: number; sampleRate: number } | null;
  /** Every frame a keyframe: sizes say nothing of movement then. */
  isIntraOnly: boolean;
  /** Null when nothing in the clip varies reliably. */
  motion: Motion | null;
  possibleCuts: number[];
}

/**
 * Reads the video at `path`, in bounded memory: frames are summed as they come, never kept.
 * Throws {@link UnreadableVideoError} when it is not a whole video.
 */
export async function inspectVideo(path: string): Promise<VideoFacts> {
  const sizeBytes = await checkFile(path);
  // What fails while nothing waits for it (reading ahead) fails again where something does.
  const source = new FilePathSource(path, { handleUnhandledError: () => {} });
  using input = new Input({ source, formats: FORMATS });
  try {
    return await inspectInput(input, sizeBytes);
  } catch (error) {
    if (error instanceof UnreadableVideoError) throw error;
    throw new UnreadableVideoError(
      "damaged",
      "The video is damaged: its structure cannot be followed.",
      { cause: error },
    );
  }
}

async function checkFile(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) throw new UnreadableVideoError("empty", "The file is empty: it has no bytes.");
    await checkMp4Layout(file, size);
    await checkWebmLayout(file, size);
    return size;
  } finally {
    await file.close();
  }
}

async function inspectInput(input: Input, sizeBytes: number): Promise<VideoFacts> {
  const container = await containerOf(input, sizeBytes);
  const track = await input.getPrimaryVideoTrack();
  const audioTrack = await input.getPrimaryAudioTrack();
  if (track === null) {
    throw audioTrack === null
      ? new UnreadableVideoError("no_video", `The ${container} file has no video track.`)
      : new UnreadableVideoError(
          "audio_only",
          "The file has sound only: there is no video track in it.",
        );
  }

  const windows = new ActivityWindows();
  const frames = await readFrames(track, (frame) => windows.add(frame));
  if (frames.count === 0) {
    throw new UnreadableVideoError("no_frames", "The video track is empty: it has no frames.");
  }
  const { width, height } = await shownSize(track);
  const { keyframes, duration } = frames;
  const isIntraOnly = keyframes.length === frames.count;
  const series = windows.series(duration);
  const pixels = width * height;
  const audio =
    audioTrack === null
      ? null
      : {
          codec: (await audioTrack.getCodec()) ?? "unknown",
          channels: await audioTrack.getNumberOfChannels(),
          sampleRate: await audioTrack.getSampleRate(),
        };
  return {
    container,
    videoCodec: (await track.getCodec()) ?? "unknown",
    width,
    height,
    rotation: await track.getRotation(),
    frameRate: frames.count / duration,
    frameCount: frames.count,
    durationSeconds: duration,
    sizeBytes,
    audio,
    isIntraOnly,
    motion: isIntraOnly ? null : findMotion({ series, keyframes, pixels, duration }),
    possibleCuts: isIntraOnly ? [] : findPossibleCuts(keyframes, series, duration),
  };
}

/** Whatever goes wrong before a container is recognised means that there is none. */
async function containerOf(input: Input, sizeBytes: number): Promise<string> {
  try {
    return (await input.getFormat()).name;
  } catch (error) {
    throw new UnreadableVideoError(
      "not_a_video",
      `The file is not a video: its ${sizeBytes} bytes hold no MP4, MOV, WebM or Matroska structure.`,
      { cause: error },
    );
  }
}

async function shownSize(track: InputVideoTrack): Promise<{ width: number; height: number }> {
  return { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() };
}

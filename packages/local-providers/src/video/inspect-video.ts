import { open } from "node:fs/promises";
import {
  ADTS,
  FLAC,
  Input,
  type InputAudioTrack,
  type InputFormat,
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
import { PICTURE_STEP, sampleActivity } from "./activity.ts";
import { findMotion, type Motion } from "./bursts.ts";
import { ByteFile } from "./byte-file.ts";
import { findPossibleCuts } from "./cuts.ts";
import { FrameCollector } from "./frame-table.ts";
import { type MediaLayout, plainLayout, viewOf } from "./media-layout.ts";
import { mp4Layout } from "./mp4-layout.ts";
import { refuseOtherFormat, refuseWithoutPicture, soundAlone } from "./other-formats.ts";
import type { FrameSource, Look } from "./pictures/look.ts";
import { readFrames } from "./read-frames.ts";
import { type PlacedFrames, placeFrames } from "./timeline.ts";
import { tsLayout } from "./ts-layout.ts";
import { reading, UnreadableVideoError } from "./unreadable-video.ts";
import { webmLayout } from "./webm-layout.ts";

/**
 * Video containers, and those of sound alone, to tell them from junk. HLS stays out: a playlist
 * names other files and addresses, which an uploaded file must not make anyone read.
 */
const FORMATS = [MP4, QTFF, WEBM, MATROSKA, MPEG_TS, MP3, WAVE, OGG, FLAC, ADTS];
/** Of these nothing but sound is read, whatever its coding. */
const SOUND: ReadonlySet<InputFormat> = new Set([MP3, WAVE, FLAC, ADTS]);
/** Pictures further apart tell nothing of what lies between them: seconds, and times the usual gap. */
const MOST_GAP_SECONDS = 1.2;
const MOST_GAPS = 2.5;
/** What players do not notice at the end of a file that was cut short. Seconds. */
const LONGEST_LOSS_SECONDS = 0.25;

/** Everything that one video shows. Nothing in it is guessed. */
export interface VideoFacts {
  container: string;
  videoCodec: string;
  /** As shown, after rotation. */
  width: number;
  height: number;
  /** Degrees clockwise that a player turns the frames by: 0, 90, 180 or 270. */
  rotation: number;
  /** Frames per second on average, while frames are shown. */
  frameRate: number;
  /** As is usual from frame to frame: more, where a recorder leaves out what does not change. */
  usualFrameRate: number;
  /** Frames that a player shows. */
  frameCount: number;
  /** The player's: what the container says, or the end of the longest track. */
  durationSeconds: number;
  sizeBytes: number;
  /** Null when there is no sound track. */
  audio: { codec: string; channels: number; sampleRate: number } | null;
  /** False for edits of a kind that cannot be followed: nobody knows what is shown when. */
  areEditsFollowed: boolean;
  /** So much of its length was looked at; null where its pictures cannot be decoded. */
  lookedAtSeconds: number | null;
  /** Null when nothing moves that stands out, or nothing was seen. */
  motion: Motion | null;
  possibleCuts: number[];
}

/**
 * Reads the video at `path`, first its index, then its pictures. What is known before any picture
 * is decoded goes to `onFacts`: what decodes foreign bytes may never come back.
 *
 * Throws {@link UnreadableVideoError} when it is not a whole video that can be read.
 */
export async function inspectVideo(
  path: string,
  onFacts: (facts: VideoFacts) => void = () => {},
): Promise<VideoFacts> {
  await using handle = await open(path);
  const { size } = await handle.stat();
  if (size === 0) throw new UnreadableVideoError("empty", "The file is empty: it has no bytes.");
  const file = new ByteFile(handle, size);
  const layout =
    (await mp4Layout(file)) ??
    (await webmLayout(file)) ??
    (await tsLayout(file)) ??
    plainLayout(size);
  using input = new Input({ source: viewOf(file, layout, layout.patches), formats: FORMATS });
  if (!(await isKnown(input))) await refuseOtherFormat(path, await file.readFresh(0, 16), size);
  const format = await input.getFormat();
  if (SOUND.has(format)) throw soundAlone();
  const video = await reading(() => input.getPrimaryVideoTrack());
  const sound = await reading(() => input.getPrimaryAudioTrack());
  if (video === null) return await refuseWithoutPicture(path, file, format.name, sound !== null);
  const frames = new FrameCollector(layout.isCut ? Number.POSITIVE_INFINITY : size);
  let read = await readFrames(video, layout.isCut, frames);
  const sources = [{ track: video, groups: read.groups }];
  using fragments = fragmentsOf(file, layout);
  const fragmented = (await fragments?.getVideoTracks())?.find(({ id }) => id === video.id);
  if (fragmented !== undefined) {
    read = await readFrames(fragmented, layout.isCut, frames);
    sources.push({ track: fragmented, groups: read.groups });
  }
  const placed = await placeFrames(input, video, frames, layout);
  checkFrames(placed, read.missingSeconds, layout);
  const { table, durationSeconds, areEditsFollowed } = placed;
  const facts: VideoFacts = {
    container: format.name,
    sizeBytes: size,
    audio: sound === null ? null : await reading(() => describeSound(sound)),
    ...(await reading(() => describePicture(video))),
    frameRate: table.count / table.shownSeconds,
    usualFrameRate: 1 / table.usualGap,
    frameCount: table.count,
    durationSeconds,
    areEditsFollowed,
    lookedAtSeconds: null,
    motion: null,
    possibleCuts: [],
  };
  onFacts(facts);
  return areEditsFollowed ? { ...facts, ...(await changesOf(sources, path, placed)) } : facts;
}

/** Shows the frames of a fragmented file that stand beside others in its index; null without any. */
function fragmentsOf(file: ByteFile, layout: MediaLayout): Input | null {
  if (layout.secondPatches === null) return null;
  const patches = [...layout.patches, ...layout.secondPatches];
  return new Input({ source: viewOf(file, layout, patches), formats: FORMATS });
}

/** What the reader stumbles over before it knows a container is of none that it knows. */
async function isKnown(input: Input): Promise<boolean> {
  try {
    return await reading(() => input.canRead());
  } catch (error) {
    if (error instanceof UnreadableVideoError) return false;
    throw error;
  }
}

async function describeSound(track: InputAudioTrack): Promise<VideoFacts["audio"]> {
  return {
    codec: (await track.getCodec()) ?? "unknown",
    channels: await track.getNumberOfChannels(),
    sampleRate: await track.getSampleRate(),
  };
}

async function describePicture(track: InputVideoTrack) {
  return {
    videoCodec: (await track.getCodec()) ?? `${(await track.getInternalCodecId()) ?? "unknown"}`,
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    rotation: await track.getRotation(),
  };
}

/**
 * Refuses a video of which frames are missing that a viewer would miss. A live recording, which
 * promises no length, is as long as it is.
 */
function checkFrames(placed: PlacedFrames, missingSeconds: number, layout: MediaLayout): void {
  const isLive = layout.durationSeconds === null;
  const missing = isLive ? 0 : Math.max(missingSeconds, placed.missingSeconds);
  if (missing > LONGEST_LOSS_SECONDS || (placed.table.count === 0 && layout.isCut)) {
    throw new UnreadableVideoError(
      "truncated",
      `The video is truncated: its last ${missing.toFixed(1)} seconds are missing.`,
    );
  }
  if (placed.table.count > 0) return;
  throw new UnreadableVideoError("no_frames", "The video is empty: no frame is shown in it.");
}

async function changesOf(
  sources: readonly FrameSource[],
  path: string,
  { table, edits, durationSeconds }: PlacedFrames,
): Promise<Partial<VideoFacts>> {
  const look = await lookAtPictures(sources, path, 1 / table.usualGap);
  if (look === null || look.pictures.length === 0) return {};
  const mostGap = Math.max(MOST_GAP_SECONDS, MOST_GAPS * table.usualGap);
  const lasts = Math.max(PICTURE_STEP, table.usualGap);
  const samples = sampleActivity(look.pictures, edits, { mostGap, lasts }).filter(
    ({ start }) => start < durationSeconds,
  );
  const seen = samples.reduce((sum, { start, end }) => sum + end - start, 0);
  return {
    lookedAtSeconds: look.isWhole ? durationSeconds : Math.min(durationSeconds, seen),
    motion: findMotion(samples, durationSeconds),
    possibleCuts: findPossibleCuts(samples),
  };
}

/** Null where npm brought no decoder for this machine, or none that knows this coding. */
async function lookAtPictures(
  ...asked: [sources: readonly FrameSource[], path: string, frameRate: number]
): Promise<Look | null> {
  const looking = await import("./pictures/look.ts").catch(() => null);
  return looking === null ? null : await looking.lookAt(...asked);
}

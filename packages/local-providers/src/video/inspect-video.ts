import { open } from "node:fs/promises";
import {
  ADTS,
  FLAC,
  Input,
  type InputAudioTrack,
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
import { measureActivity } from "./activity.ts";
import { findMotion, type Motion } from "./bursts.ts";
import { ByteFile } from "./byte-file.ts";
import { findPossibleCuts, type Keyframe } from "./cuts.ts";
import { type EffortMeter, effortMeterFor } from "./effort/frame-effort.ts";
import { FrameCollector, type FrameTable } from "./frame-table.ts";
import { type MediaLayout, plainLayout, viewOf } from "./media-layout.ts";
import { mp4Layout } from "./mp4-layout.ts";
import { refuseOtherFormat, refuseWithoutPicture } from "./other-formats.ts";
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
/** Delta frames are at least so many of all, or sizes say nothing of movement. */
const LEAST_DELTA_SHARE = 0.1;
const USUAL_FRAME_RATE = 30;
/** What players do not notice at the end of a file that was cut short. Seconds. */
const LONGEST_LOSS_SECONDS = 0.25;

/** Everything the bitstream of one video shows. Nothing in it is guessed. */
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
  /** Frames that a player shows. */
  frameCount: number;
  /** The player's: what the container says, or the end of the longest track. */
  durationSeconds: number;
  sizeBytes: number;
  /** Null when there is no sound track. */
  audio: { codec: string; channels: number; sampleRate: number } | null;
  /** Nearly every frame is a keyframe: sizes say nothing of movement then. */
  isIntraOnly: boolean;
  /** False for edits of a kind that cannot be followed: nobody knows what is shown when. */
  areEditsFollowed: boolean;
  /** Null when nothing in the clip varies reliably. */
  motion: Motion | null;
  possibleCuts: number[];
}

/**
 * Reads the video at `path`: of each frame a few numbers are kept.
 * Throws {@link UnreadableVideoError} when it is not a whole video that can be read.
 */
export async function inspectVideo(path: string): Promise<VideoFacts> {
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
  const video = await reading(() => input.getPrimaryVideoTrack());
  const sound = await reading(() => input.getPrimaryAudioTrack());
  if (video === null) return await refuseWithoutPicture(path, file, format.name, sound !== null);
  const meter = await effortMeterFor(video);
  const frames = new FrameCollector(layout.isCut ? Number.POSITIVE_INFINITY : size);
  let missing = await readFrames(video, meter, layout.isCut, frames);
  if (layout.secondPatches !== null)
    missing = await readFragments(file, layout, video.id, { meter, frames });
  const placed = await placeFrames(input, video, frames, layout);
  checkFrames(placed, missing, layout);
  return {
    container: format.name,
    sizeBytes: size,
    audio: sound === null ? null : await reading(() => describeSound(sound)),
    ...(await reading(() => describePicture(video))),
    ...describeFrames(placed, meter),
  };
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

/** The frames of a fragmented file that stand beside others in its index. */
async function readFragments(
  file: ByteFile,
  layout: MediaLayout,
  trackId: number,
  { meter, frames }: { meter: EffortMeter; frames: FrameCollector },
): Promise<number> {
  const patches = [...layout.patches, ...(layout.secondPatches ?? [])];
  using input = new Input({ source: viewOf(file, layout, patches), formats: FORMATS });
  const tracks = await reading(() => input.getVideoTracks());
  const track = tracks.find(({ id }) => id === trackId);
  return track === undefined ? 0 : await readFrames(track, meter, layout.isCut, frames);
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

function describeFrames(placed: PlacedFrames, meter: EffortMeter) {
  const { table, durationSeconds, areEditsFollowed } = placed;
  const keyframes = keyframesOf(table);
  const isIntraOnly = table.count - keyframes.length < LEAST_DELTA_SHARE * table.count;
  return {
    frameRate: table.count / table.shownSeconds,
    frameCount: table.count,
    durationSeconds,
    isIntraOnly,
    areEditsFollowed,
    ...(isIntraOnly || !areEditsFollowed
      ? { motion: null, possibleCuts: [] }
      : changesOf(table, keyframes, durationSeconds, meter)),
  };
}

function changesOf(
  table: FrameTable,
  keyframes: Keyframe[],
  duration: number,
  { patternFrames, leastRatio, floor: usualFloor }: EffortMeter,
): Pick<VideoFacts, "motion" | "possibleCuts"> {
  const activity = measureActivity(table, duration, patternFrames);
  // The more frames in a second, the less of a movement is in each.
  const floor = usualFloor * Math.min(1, activity.usualGap * USUAL_FRAME_RATE);
  const keyframeTimes = keyframes.map(({ time }) => time);
  return {
    motion: findMotion({
      activity,
      keyframeTimes,
      floor,
      leastRatio,
      duration,
    }),
    possibleCuts: findPossibleCuts(keyframes, activity, duration),
  };
}

function keyframesOf({ starts, effort, keys }: FrameTable): Keyframe[] {
  const keyframes: Keyframe[] = [];
  for (const [frame, time] of starts.entries()) {
    if (keys[frame] === 1) keyframes.push({ time, effort: effort[frame] ?? 0 });
  }
  return keyframes;
}

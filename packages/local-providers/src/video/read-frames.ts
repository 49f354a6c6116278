import { EncodedPacketSink, type InputVideoTrack } from "mediabunny";
import type { Frame } from "./activity.ts";
import type { Keyframe } from "./cuts.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";
import { vp9Effort } from "./vp9-effort.ts";

export interface FrameSummary {
  count: number;
  /** Seconds from the first frame's start to the last one's end. */
  duration: number;
  /** Ascending; times in seconds from the first frame. */
  keyframes: Keyframe[];
}

/**
 * Hands every frame of a track to `visit`, sizes and times only, in decoding order. Times count
 * from the track's first shown frame. The data itself is read for VP9 only, one frame at a time.
 *
 * The last frame's data is read too: an index may promise frames that the file no longer holds.
 */
export async function readFrames(
  track: InputVideoTrack,
  visit: (frame: Frame) => void,
): Promise<FrameSummary> {
  const sink = new EncodedPacketSink(track);
  // Containers may shift the first frame below or above zero; clips are timed from what is shown.
  const origin = Math.max(0, await track.getFirstTimestamp());
  const isVp9 = (await track.getCodec()) === "vp9";
  const keyframes: Keyframe[] = [];
  let count = 0;
  let end = 0;
  let lastTime = 0;
  let last = null;
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: !isVp9 })) {
    const time = packet.timestamp - origin;
    const isKey = packet.type === "key";
    const bytes = isVp9 ? vp9Effort(packet.data) : packet.byteLength;
    visit({ time, bytes, isKey });
    if (isKey) keyframes.push({ time, bytes });
    count += 1;
    end = Math.max(end, time + packet.duration);
    lastTime = Math.max(lastTime, time);
    last = packet;
  }
  if (last !== null) await readLastFrame(sink, last.timestamp, last.byteLength);
  // A lone frame, or a container without frame durations, still shows for some time.
  const duration = Math.max(end, count > 1 ? (lastTime * count) / (count - 1) : 1 / 30);
  return { count, duration, keyframes: keyframes.sort((a, b) => a.time - b.time) };
}

async function readLastFrame(sink: EncodedPacketSink, timestamp: number, bytes: number) {
  const packet = await sink.getPacket(timestamp).catch(() => null);
  if (packet === null || packet.data.byteLength < bytes) {
    throw new UnreadableVideoError(
      "truncated",
      "The video is truncated: its index lists frames that the file no longer holds.",
    );
  }
}

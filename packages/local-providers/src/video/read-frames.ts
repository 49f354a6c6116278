import { type EncodedPacket, EncodedPacketSink, type InputVideoTrack } from "mediabunny";
import type { EffortMeter } from "./effort/frame-effort.ts";
import type { FrameCollector } from "./frame-table.ts";
import { reading } from "./unreadable-video.ts";

/**
 * Reads the frames of a track: times, sizes, and what it took to code them. With `mustBeThere`, or
 * where the meter needs their data, frames that lie behind the file's end are told from others.
 *
 * Returns the seconds of frames that the index lists and the file no longer holds.
 */
export async function readFrames(
  track: InputVideoTrack,
  meter: EffortMeter,
  mustBeThere: boolean,
  frames: FrameCollector,
): Promise<number> {
  const sink = new EncodedPacketSink(track);
  const step = (last: EncodedPacket | null, metadataOnly: boolean) =>
    reading(() =>
      last === null
        ? sink.getFirstPacket({ metadataOnly })
        : sink.getNextPacket(last, { metadataOnly }),
    );

  const metadataOnly = !(meter.needsData || mustBeThere);
  let last: EncodedPacket | null = null;
  for (;;) {
    const packet: EncodedPacket | null = await step(last, metadataOnly);
    if (packet === null) break;
    const { timestamp, duration, byteLength } = packet;
    const isKey = packet.type === "key";
    const effort = meter.of(packet);
    frames.add({ time: timestamp, duration, bytes: byteLength, effort, isKey });
    last = packet;
  }
  if (metadataOnly) return 0;

  const lastTime = Math.max(frames.lastTime, 0);
  let missing = lastTime;
  for (;;) {
    const packet: EncodedPacket | null = await step(last, true);
    if (packet === null) break;
    missing = Math.max(missing, packet.timestamp + packet.duration);
    last = packet;
  }
  return missing - lastTime;
}

import { type EncodedPacket, EncodedPacketSink, type InputVideoTrack } from "mediabunny";
import type { FrameCollector } from "./frame-table.ts";
import type { FrameGroup } from "./pictures/plan.ts";
import { reading } from "./unreadable-video.ts";

export interface ReadFrames {
  /** What can be decoded by itself, in the file's order. */
  groups: FrameGroup[];
  /** Of frames that the index lists and the file no longer holds. */
  missingSeconds: number;
}

/**
 * Reads when a track's frames are shown and which stand alone. With `mustBeThere`, frames that lie
 * behind the file's end are told from others.
 */
export async function readFrames(
  track: InputVideoTrack,
  mustBeThere: boolean,
  frames: FrameCollector,
): Promise<ReadFrames> {
  const sink = new EncodedPacketSink(track);
  const step = (last: EncodedPacket | null, metadataOnly: boolean) =>
    reading(() =>
      last === null
        ? sink.getFirstPacket({ metadataOnly })
        : sink.getNextPacket(last, { metadataOnly }),
    );

  const groups: FrameGroup[] = [];
  let last: EncodedPacket | null = null;
  for (;;) {
    const packet: EncodedPacket | null = await step(last, !mustBeThere);
    if (packet === null) break;
    const { timestamp, duration, byteLength } = packet;
    frames.add({ time: timestamp, duration, bytes: byteLength });
    const group = groups.at(-1);
    if (packet.type === "key" || group === undefined) {
      groups.push({ time: timestamp, frames: 1, changeBytes: 0 });
    } else {
      group.frames += 1;
      group.changeBytes += byteLength;
    }
    last = packet;
  }
  if (!mustBeThere) return { groups, missingSeconds: 0 };

  const lastTime = Math.max(frames.lastTime, 0);
  let missing = lastTime;
  for (;;) {
    const packet: EncodedPacket | null = await step(last, true);
    if (packet === null) break;
    missing = Math.max(missing, packet.timestamp + packet.duration);
    last = packet;
  }
  return { groups, missingSeconds: missing - lastTime };
}

import { open } from "node:fs/promises";
import {
  BufferSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
  StreamTarget,
} from "mediabunny";

/** NAL unit type 12 is filler: every decoder skips it. */
const fillerNalUnit = 12;
const nalHeaderBytes = 5;

/**
 * Writes an H.264 video of at least so many seconds and bytes, quickly: `clip` again and again, each
 * frame filled up with data that decoders skip.
 */
export async function writeLargeVideo(
  path: string,
  clip: Uint8Array,
  wanted: { seconds: number; bytes: number },
): Promise<void> {
  using input = new Input({ formats: [MP4], source: new BufferSource(clip) });
  const track = await input.getPrimaryVideoTrack();
  if (track === null || track.codec === null) throw new Error("The clip has no video.");
  const decoderConfig = await track.getDecoderConfig();
  const clipSeconds = await track.computeDuration();
  const packets: EncodedPacket[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);

  const rounds = Math.ceil(wanted.seconds / clipSeconds);
  const filler = Math.ceil(wanted.bytes / (rounds * packets.length));
  const filled = packets.map(({ data }) => withFiller(data, filler));

  const file = await open(path, "w");
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: false }),
    target: new StreamTarget(
      new WritableStream({
        async write({ data, position }) {
          await file.write(data, 0, data.length, position);
        },
      }),
      { chunked: true },
    ),
  });
  const source = new EncodedVideoPacketSource(track.codec);
  output.addVideoTrack(source);
  await output.start();
  for (let round = 0; round < rounds; round++) {
    for (const [index, packet] of packets.entries()) {
      const timestamp = packet.timestamp + round * clipSeconds;
      const data = filled[index] ?? packet.data;
      const copy = new EncodedPacket(data, packet.type, timestamp, packet.duration);
      await source.add(copy, decoderConfig === null ? {} : { decoderConfig });
    }
  }
  await output.finalize();
  await file.close();
}

function withFiller(frame: Uint8Array, bytes: number): Uint8Array {
  if (bytes <= nalHeaderBytes) return frame;
  const whole = new Uint8Array(frame.length + bytes).fill(0xff);
  whole.set(frame);
  new DataView(whole.buffer).setUint32(frame.length, bytes - 4);
  whole[frame.length + 4] = fillerNalUnit;
  whole[whole.length - 1] = 0x80;
  return whole;
}

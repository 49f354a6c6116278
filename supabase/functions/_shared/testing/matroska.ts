import {
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  MkvOutputFormat,
  Output,
} from "mediabunny";
import type { ByteSource } from "../../ai-analyze-video/video/byte-source.ts";
import { openInput } from "../../ai-analyze-video/video/probe-video.ts";

/** Tests only: a file in memory. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

/** Tests only: a clip's pictures in Matroska, one after the other so many times. */
export async function matroskaOf(bytes: Uint8Array, times = 1): Promise<Uint8Array<ArrayBuffer>> {
  const track = await openInput(sourceOf(bytes)).getPrimaryVideoTrack();
  const codec = await track?.getCodec();
  const config = await track?.getDecoderConfig();
  if (!track || !codec || !config) throw new Error("The clip has no pictures.");
  const target = new BufferTarget();
  const output = new Output({ format: new MkvOutputFormat(), target });
  const pictures = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(pictures);
  await output.start();
  const length = await track.computeDuration();
  for (let time = 0; time < times; time++) {
    for await (const packet of new EncodedPacketSink(track).packets()) {
      const timestamp = packet.timestamp + time * length;
      await pictures.add(packet.clone({ timestamp }), { decoderConfig: config });
    }
  }
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer());
}

import * as av from "node-av";
import { Decoder, Demuxer, Encoder, Muxer } from "node-av/api";

/**
 * A file of what FFmpeg's filters make: clips as our own writer makes none. Its ending says what
 * kind of file it is.
 */
export async function makeFiltered(
  file: string,
  filters: string,
  codec: "libx264" | "pcm_s16le" | "libmp3lame",
  options: Record<string, string> = {},
): Promise<string> {
  av.Log.setLevel(av.AV_LOG_QUIET);
  await using input = await Demuxer.open(filters, { format: "lavfi" });
  const stream = input.video() ?? input.audio();
  const found = av.Codec.findEncoderByName(codec as av.FFEncoderCodec);
  if (!stream || !found) throw new Error(`Nothing can be made of ${filters}.`);
  using decoder = await Decoder.create(stream);
  using encoder = await Encoder.create(found, { decoder, options, autoResample: true });
  await using output = await Muxer.open(file);
  const index = output.addStream(encoder);
  for await (const packet of encoder.packets(decoder.frames(input.packets(stream.index)))) {
    if (!packet) continue;
    await output.writePacket(packet, index);
    packet.free();
  }
  return file;
}

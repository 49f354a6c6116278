import type { RenderFormat } from "@sideline/contracts";
import * as av from "node-av";
import { channels, sampleRate } from "../sound/format.ts";
import type { Container } from "./container.ts";
import { must } from "./scaler.ts";

export interface SoundEncoder {
  /** Samples by which a player hears all later than it was put in. */
  delay: number;
  encode(block: Float32Array): Promise<void>;
  finish(): Promise<void>;
}

const settings = {
  // One whole piece. MP4 could say so in an edit list, which not every player reads.
  mp4: { encoder: av.FF_ENCODER_AAC, format: av.AV_SAMPLE_FMT_FLTP, delay: 1024 },
  // Opus tells players itself.
  webm: { encoder: av.FF_ENCODER_LIBOPUS, format: av.AV_SAMPLE_FMT_FLT, delay: 0 },
} as const;

/**
 * AAC or Opus. Blocks of any length go in and pieces of the encoder's own length are encoded:
 * through `@mediabunny/server`, blocks that differ in length break the heap.
 */
export function openSoundEncoder(format: RenderFormat, container: Container): SoundEncoder {
  const { encoder, format: sampleFormat, delay } = settings[format];
  const context = new av.CodecContext();
  context.allocContext3(av.Codec.findEncoderByName(encoder));
  context.sampleRate = sampleRate;
  context.channelLayout = av.AV_CHANNEL_LAYOUT_STEREO;
  context.sampleFormat = sampleFormat;
  context.timeBase = new av.Rational(1, sampleRate);
  context.bitRate = 128_000n;
  context.setFlags(av.AV_CODEC_FLAG_GLOBAL_HEADER);
  must(context.open2Sync(), "open the sound encoder");
  const track = container.add(context);
  const size = context.frameSize;
  const piece = new Float32Array(size * channels);
  const packet = new av.Packet();
  packet.alloc();
  let filled = 0;
  let encoded = 0;
  let given = 0;

  const drain = async (): Promise<void> => {
    for (;;) {
      const answer = await context.receivePacket(packet);
      if (answer === av.AVERROR_EAGAIN || answer === av.AVERROR_EOF) return;
      must(answer, "encode sound");
      // Encoders count from before the first sample that they were given.
      packet.pts = packet.dts = BigInt(given * size);
      packet.duration = BigInt(size);
      given += 1;
      await track.write(packet);
    }
  };
  const flush = async (): Promise<void> => {
    using frame = av.Frame.fromAudioBuffer(bytes(sampleFormat === av.AV_SAMPLE_FMT_FLTP), {
      nbSamples: size,
      format: sampleFormat,
      sampleRate,
      channelLayout: av.AV_CHANNEL_LAYOUT_STEREO,
      timeBase: new av.Rational(1, sampleRate),
      pts: BigInt(encoded),
    });
    encoded += size;
    filled = 0;
    must(await context.sendFrame(frame), "encode sound");
    await drain();
  };
  /** The piece, its channels one after the other where the encoder wants them so. */
  const bytes = (isPlanar: boolean): Buffer => {
    if (!isPlanar) return Buffer.from(new Uint8Array(piece.buffer));
    const planes = new Float32Array(piece.length);
    for (let at = 0; at < size; at++) {
      planes[at] = piece[at * 2] ?? 0;
      planes[size + at] = piece[at * 2 + 1] ?? 0;
    }
    return Buffer.from(planes.buffer);
  };
  return {
    delay,
    async encode(block) {
      for (let at = 0; at < block.length; ) {
        const part = block.subarray(at, at + piece.length - filled);
        piece.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === piece.length) await flush();
      }
    },
    async finish() {
      if (filled > 0) {
        piece.fill(0, filled);
        await flush();
      }
      must(await context.sendFrame(null), "encode sound");
      await drain();
      context.freeContext();
      packet.free();
    },
  };
}

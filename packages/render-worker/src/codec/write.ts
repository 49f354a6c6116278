import { availableParallelism } from "node:os";
import {
  EncodedPacket,
  EncodedVideoPacketSource,
  FilePathTarget,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from "mediabunny";
import * as av from "node-av";
import { sampleRate } from "../sound/format.ts";
import type { Writer, WriterOptions } from "./codec.ts";
import { openPictureEncoder, type PictureEncoder } from "./encode-pictures.ts";
import { openSoundEncoder } from "./encode-sound.ts";
import type { DecodedPicture } from "./read-pictures.ts";
import { openScaler, tag } from "./scaler.ts";

/** Samples in the shortest piece of sound that an encoder makes. */
const shortestPacket = 960;

export async function write(options: WriterOptions): Promise<Writer> {
  const { width, height, fps, frames, format, colour } = options;
  const isMp4 = format === "mp4";
  const output = new Output({
    format: isMp4 ? new Mp4OutputFormat({ fastStart: "reserve" }) : new WebMOutputFormat(),
    target: new FilePathTarget(options.file),
  });
  const pictures = new EncodedVideoPacketSource(isMp4 ? "avc" : "vp9");
  output.addVideoTrack(pictures, { maximumPacketCount: frames + 1, frameRate: fps });
  const sound = options.sound ? openSoundEncoder(format) : null;
  if (sound) {
    const packets = Math.ceil(((frames / fps) * sampleRate) / shortestPacket) + 16;
    output.addAudioTrack(sound.source, { maximumPacketCount: packets });
  }
  await output.start();

  const encoder = await openPictureEncoder({
    ...options,
    threads: Math.min(4, availableParallelism()),
    async onPacket({ data, isKey, index, config }) {
      const packet = new EncodedPacket(data, isKey ? "key" : "delta", index / fps, 1 / fps);
      await pictures.add(packet, config ? { decoderConfig: config } : undefined);
    },
  });
  const yuv = openScaler({ width, height }, av.AV_PIX_FMT_YUV420P, colour);
  const canvas = new av.Frame();
  canvas.alloc();
  canvas.width = width;
  canvas.height = height;
  canvas.format = av.AV_PIX_FMT_RGBA;
  tag(canvas, colour, true);
  return {
    async pixels(rgba) {
      canvas.fromBuffer(rgba);
      await encoder.encode(await yuv.scale(canvas));
    },
    async picture(picture) {
      await encoder.encode(await yuv.scale((picture as DecodedPicture).frame));
    },
    again: () => encoder.encode(yuv.frame),
    async sound(block) {
      await sound?.encode(block);
    },
    soundDelay: sound?.delay ?? 0,
    async finish() {
      const written = await finishPictures(encoder);
      pictures.close();
      await sound?.finish();
      await output.finalize();
      yuv.close();
      canvas.free();
      return { frames: written };
    },
  };
}

async function finishPictures(encoder: PictureEncoder): Promise<number> {
  const written = await encoder.finish();
  encoder.close();
  return written;
}

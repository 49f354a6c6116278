import { availableParallelism } from "node:os";
import * as av from "node-av";
import type { Writer, WriterOptions } from "./codec.ts";
import { openContainer } from "./container.ts";
import { openPictureEncoder } from "./encode-pictures.ts";
import { openSoundEncoder } from "./encode-sound.ts";
import type { DecodedPicture } from "./read-pictures.ts";
import { openScaler, tag } from "./scaler.ts";

export async function write(options: WriterOptions): Promise<Writer> {
  const { width, height, format, colour } = options;
  const container = openContainer(options.file, format);
  const threads = Math.min(4, availableParallelism());
  const encoder = await openPictureEncoder({ ...options, threads }, container);
  const sound = options.sound ? openSoundEncoder(format, container) : null;
  await container.begin();
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
      const frames = await encoder.finish();
      await sound?.finish();
      await container.finish();
      yuv.close();
      canvas.free();
      return { frames };
    },
  };
}

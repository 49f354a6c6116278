import type { RenderFormat } from "@sideline/contracts";
import * as av from "node-av";
import type { Colour } from "./codec.ts";
import { avcCodecString, vp9CodecString } from "./codec-strings.ts";
import { must } from "./scaler.ts";

export interface EncodedPicture {
  data: Uint8Array;
  isKey: boolean;
  /** Which picture it shows, from 0; encoders give them out in another order. */
  index: number;
  /** With the first one: what a player must know. */
  config: VideoDecoderConfig | undefined;
}

export interface PictureEncoder {
  encode(frame: av.Frame): Promise<void>;
  /** @returns how many pictures it gave out in all */
  finish(): Promise<number>;
  close(): void;
}

export interface EncoderOptions {
  format: RenderFormat;
  width: number;
  height: number;
  fps: number;
  colour: Colour;
  threads: number;
  onPacket(picture: EncodedPicture): Promise<void>;
}

/** Constant quality: hardly to be told from the source, at a third of the time of the default. */
const settings = {
  mp4: { encoder: av.FF_ENCODER_LIBX264, options: { preset: "veryfast", crf: "20" } },
  webm: {
    encoder: av.FF_ENCODER_LIBVPX_VP9,
    options: { deadline: "realtime", "cpu-used": "7", crf: "28", "row-mt": "1" },
  },
} as const;

export async function openPictureEncoder(options: EncoderOptions): Promise<PictureEncoder> {
  const { format, width, height, fps, colour } = options;
  const context = openContext(options);
  const packet = new av.Packet();
  packet.alloc();
  let encoded = 0;
  let given = 0;

  const drain = async (): Promise<void> => {
    for (;;) {
      const answer = await context.receivePacket(packet);
      if (answer === av.AVERROR_EAGAIN || answer === av.AVERROR_EOF) return;
      must(answer, "encode");
      if (!packet.data) continue;
      const data = new Uint8Array(packet.data);
      const codec = format === "mp4" ? avcCodecString : vp9CodecString;
      const config =
        given === 0
          ? {
              codec: codec(data, { width, height, fps }),
              codedWidth: width,
              codedHeight: height,
              colorSpace: colourSpace(colour),
            }
          : undefined;
      given += 1;
      await options.onPacket({ data, isKey: packet.isKeyframe, index: Number(packet.pts), config });
      packet.unref();
    }
  };
  must(await context.open2(), "open the encoder");
  return {
    async encode(frame) {
      frame.pts = BigInt(encoded);
      frame.pictType = av.AV_PICTURE_TYPE_NONE;
      encoded += 1;
      must(await context.sendFrame(frame), "encode");
      await drain();
    },
    async finish() {
      must(await context.sendFrame(null), "encode");
      await drain();
      return given;
    },
    close() {
      context.freeContext();
      packet.free();
    },
  };
}

function openContext({ format, width, height, fps, colour, threads }: EncoderOptions) {
  const { encoder, options } = settings[format];
  const context = new av.CodecContext();
  context.allocContext3(av.Codec.findEncoderByName(encoder));
  context.width = width;
  context.height = height;
  context.pixelFormat = av.AV_PIX_FMT_YUV420P;
  const rate = Math.round(fps * 1000);
  context.timeBase = new av.Rational(1000, rate);
  context.framerate = new av.Rational(rate, 1000);
  context.gopSize = Math.round(fps * 2);
  context.bitRate = 0n;
  context.threadCount = threads;
  context.colorPrimaries = colour.primaries as av.AVColorPrimaries;
  context.colorTrc = colour.transfer as av.AVColorTransferCharacteristic;
  context.colorSpace = colour.matrix as av.AVColorSpace;
  context.colorRange = av.AVCOL_RANGE_MPEG;
  for (const [name, value] of Object.entries(options)) context.setOption(name, value);
  return context;
}

const primaries: Partial<Record<number, VideoColorPrimaries>> = {
  1: "bt709",
  5: "bt470bg",
  6: "smpte170m",
};
const transfers: Partial<Record<number, VideoTransferCharacteristics>> = {
  1: "bt709",
  6: "smpte170m",
  13: "iec61966-2-1",
};
const matrices: Partial<Record<number, VideoMatrixCoefficients>> = {
  0: "rgb",
  1: "bt709",
  5: "bt470bg",
  6: "smpte170m",
};

/** As the container tells it; what it has no word for, the coded pictures say themselves. */
function colourSpace(colour: Colour): VideoColorSpaceInit | undefined {
  const primary = primaries[colour.primaries];
  const transfer = transfers[colour.transfer];
  const matrix = matrices[colour.matrix];
  if (!primary || !transfer || !matrix) return undefined;
  return { primaries: primary, transfer, matrix, fullRange: false };
}

import type { InputVideoTrack } from "mediabunny";
import * as constants from "node-av/constants";
import * as av from "node-av/lib";
import { reading, UnreadableVideoError } from "../unreadable-video.ts";

/** What a decoder must be told before the first frame. */
export interface Coding {
  codecId: constants.AVCodecID;
  extraData: Buffer | null;
  width: number;
  height: number;
}

const CODECS: Record<string, constants.AVCodecID> = {
  avc: constants.AV_CODEC_ID_H264,
  hevc: constants.AV_CODEC_ID_HEVC,
  vp8: constants.AV_CODEC_ID_VP8,
  vp9: constants.AV_CODEC_ID_VP9,
  av1: constants.AV_CODEC_ID_AV1,
};

/** Null for a track whose coding nobody knows. */
export async function codingOf(track: InputVideoTrack, path: string): Promise<Coding | null> {
  const codec = await track.getCodec();
  const codecId = codec === null ? undefined : CODECS[codec];
  if (codecId === undefined) return await codingByHeader(track, path);
  const description = await descriptionOf(track);
  if (description === null) return null;
  return {
    codecId,
    extraData: description === undefined ? null : bytesOf(description),
    width: await track.getCodedWidth(),
    height: await track.getCodedHeight(),
  };
}

/** What the container says for decoders, undefined where that is nothing; null where it is broken. */
async function descriptionOf(
  track: InputVideoTrack,
): Promise<AllowSharedBufferSource | undefined | null> {
  try {
    return (await reading(() => track.getDecoderConfig()))?.description;
  } catch (error) {
    if (error instanceof UnreadableVideoError) return null;
    throw error;
  }
}

function bytesOf(source: AllowSharedBufferSource): Buffer {
  return ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer, source.byteOffset, source.byteLength)
    : Buffer.from(source);
}

/** Older codings (MPEG-4, MJPEG, H.263, DV …), which the reader of containers does not describe. */
async function codingByHeader(track: InputVideoTrack, path: string): Promise<Coding | null> {
  const format = av.InputFormat.findInputFormat(CONTAINERS[await containerOf(track)] ?? "");
  if (format === null) return null;
  const context = new av.FormatContext();
  try {
    if (context.openInputSync(path, format) < 0) return null;
    const number = (await track.input.getVideoTracks()).indexOf(track);
    const streams = context.streams ?? [];
    const parameters = streams
      .map(({ codecpar }) => codecpar)
      .filter(({ codecType }) => codecType === constants.AVMEDIA_TYPE_VIDEO)[number];
    if (parameters === undefined) return null;
    const { codecId, extradata, width, height } = parameters;
    return { codecId, extraData: extradata && Buffer.from(extradata), width, height };
  } finally {
    context.closeInputSync();
  }
}

/** Named, so that nothing is guessed: a playlist would make FFmpeg read other files. */
const CONTAINERS: Record<string, string> = {
  MP4: "mov",
  "QuickTime File Format": "mov",
  Matroska: "matroska",
  WebM: "matroska",
};

async function containerOf(track: InputVideoTrack): Promise<string> {
  return (await track.input.getFormat()).name;
}

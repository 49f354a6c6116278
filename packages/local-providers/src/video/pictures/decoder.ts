import type { EncodedPacket, InputVideoTrack } from "mediabunny";
import * as constants from "node-av/constants";
import * as av from "node-av/lib";
import { type Coding, codingOf } from "./coding.ts";
import type { Picture } from "./picture.ts";

const TIME_BASE = 1_000_000;
/** Cells along the longer side, and pixels across a cell at least. */
const MOST_CELLS = 64;
const LEAST_PIXELS = 4;
/** Of a frame; 8K has 33 million. */
const MOST_PIXELS = 36_000_000;
/** Of a file's frames so many may be damaged, or nobody can tell what moves from what is torn. */
const MOST_DAMAGED = 2;
const MOST_DAMAGED_SHARE = 0.02;
/** More gain nothing where several files are read at once. */
const THREADS = 2;

export interface DecoderOptions {
  /** Frames that no other frame needs are passed over. */
  skipsUnreferenced: boolean;
  /** Seconds between pictures at least. */
  step: number;
  onPicture: (picture: Picture) => void;
}

/** FFmpeg's decoder of one track, and its scaler. All calls wait: nothing else runs in this process. */
export class PictureDecoder {
  readonly #context: av.CodecContext;
  readonly #packet = new av.Packet();
  readonly #frame = new av.Frame();
  readonly #scaler = new av.SoftwareScaleContext();
  readonly #options: DecoderOptions;
  #tiny: av.Frame | null = null;
  #first = Number.NEGATIVE_INFINITY;
  #next = Number.NEGATIVE_INFINITY;
  #frames = 0;
  #damaged = 0;

  private constructor(context: av.CodecContext, options: DecoderOptions) {
    this.#context = context;
    this.#options = options;
    this.#packet.alloc();
    this.#frame.alloc();
    this.#scaler.allocContext();
    this.#scaler.setOption("sws_flags", "area");
  }

  /** Null where this build decodes no such track. */
  static async open(
    track: InputVideoTrack,
    path: string,
    options: DecoderOptions,
  ): Promise<PictureDecoder | null> {
    av.Log.setLevel(constants.AV_LOG_QUIET);
    const coding = await codingOf(track, path);
    const codec = coding && av.Codec.findDecoder(coding.codecId);
    if (!coding || !codec) return null;
    const context = openContext(codec, coding, options);
    return context && new PictureDecoder(context, options);
  }

  /** Whether too much was damaged to go by the pictures. */
  get isTorn(): boolean {
    return this.#damaged > Math.max(MOST_DAMAGED, MOST_DAMAGED_SHARE * this.#frames);
  }

  /** Of frames that come before `from` nothing is shown: what they are made from was not read. */
  begin(from: number): void {
    this.#first = from;
    this.#next = from;
  }

  /** What is damaged in a frame is the decoder's to bridge; a frame of which it can make nothing is left out. */
  decode({ data, timestamp, type }: EncodedPacket): void {
    this.#packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.#packet.pts = BigInt(Math.round(timestamp * TIME_BASE));
    this.#packet.dts = constants.AV_NOPTS_VALUE;
    this.#packet.isKeyframe = type === "key";
    this.#frames += 1;
    if (this.#context.sendPacketSync(this.#packet) < 0) this.#damaged += 1;
    this.#take();
  }

  /** Hands out what is still inside. The next frame may be any keyframe. */
  end(): void {
    this.#context.sendPacketSync(null);
    this.#take();
    this.#context.flushBuffers();
  }

  close(): void {
    this.#context.freeContext();
    this.#scaler.freeContext();
    this.#packet.free();
    this.#frame.free();
    this.#tiny?.free();
  }

  #take(): void {
    while (this.#context.receiveFrameSync(this.#frame) >= 0) {
      const time = Number(this.#frame.pts) / TIME_BASE;
      const isCorrupt = this.#frame.hasFlags(constants.AV_FRAME_FLAG_CORRUPT);
      if (isCorrupt || this.#frame.decodeErrorFlags !== 0) this.#damaged += 1;
      // Times are rounded to millionths.
      if (time < this.#first - 1e-5 || time < this.#next - 1e-3) continue;
      const cells = this.#shrink();
      if (cells === null) continue;
      this.#next = time + this.#options.step;
      this.#options.onPicture({ time, cells });
    }
  }

  #shrink(): Uint8Array | null {
    const { width, height } = this.#frame;
    this.#tiny ??= tinyFrame(width, height);
    // Its scaler refuses half pictures; both together are as good here.
    this.#frame.clearFlags(constants.AV_FRAME_FLAG_INTERLACED);
    if (this.#scaler.scaleFrameSync(this.#tiny, this.#frame) < 0) return null;
    const [plane] = this.#tiny.data ?? [];
    if (plane === undefined) return null;
    const { width: columns, height: rows } = this.#tiny;
    const stride = this.#tiny.linesize[0] ?? columns;
    const cells = new Uint8Array(columns * rows);
    for (let row = 0; row < rows; row++)
      cells.set(plane.subarray(row * stride, row * stride + columns), row * columns);
    return cells;
  }
}

function openContext(
  codec: av.Codec,
  { extraData, width, height }: Coding,
  { skipsUnreferenced }: DecoderOptions,
): av.CodecContext | null {
  const context = new av.CodecContext();
  context.allocContext3(codec);
  context.extraData = extraData;
  context.width = width;
  context.height = height;
  context.pktTimebase = new av.Rational(1, TIME_BASE);
  context.threadCount = THREADS;
  context.setOption("max_pixels", String(MOST_PIXELS));
  if (skipsUnreferenced) context.setOption("skip_frame", "noref");
  if (context.open2Sync(codec) >= 0) return context;
  context.freeContext();
  return null;
}

function tinyFrame(width: number, height: number): av.Frame {
  const pixels = Math.max(LEAST_PIXELS, Math.ceil(Math.max(width, height) / MOST_CELLS));
  const frame = new av.Frame();
  frame.alloc();
  frame.width = Math.max(1, Math.floor(width / pixels));
  frame.height = Math.max(1, Math.floor(height / pixels));
  frame.format = constants.AV_PIX_FMT_GRAY8;
  av.FFmpegError.throwIfError(frame.allocBuffer(), "allocate a picture");
  return frame;
}

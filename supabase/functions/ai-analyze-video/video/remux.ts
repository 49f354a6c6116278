import { limits, type VideoFault } from "@sideline/contracts";
import {
  Conversion,
  type InputTrack,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  type StreamTargetChunk,
  WebMOutputFormat,
} from "mediabunny";
import { StageError } from "../../_shared/errors.ts";
import { type ByteSource, watched } from "./byte-source.ts";
import { openInput } from "./probe-video.ts";

export interface Remuxed {
  body: ReadableStream<Uint8Array>;
  mimeType: "video/mp4" | "video/webm";
}

const webmVideo = new Set(["vp8", "vp9", "av1"]);
const webmAudio = new Set(["opus", "vorbis"]);

/**
 * The same pictures and sound in a container that Gemini takes, as a stream, packet by packet: what
 * is in a Matroska file fits WebM or MP4 as it is, or the video is refused. About 4 ms of computing a
 * megabyte and 11 µs a packet, hence the limits. Throws StageError `mime_type_not_allowed`.
 */
export async function remux(
  source: ByteSource,
  seconds: number,
  signal: AbortSignal,
): Promise<Remuxed> {
  if (source.size > limits.matroskaBytes || seconds > limits.matroskaSeconds) {
    throw refused("matroska_too_large");
  }
  const reading = watched(source);
  const input = openInput(reading.source);
  const pipe = new TransformStream<StreamTargetChunk, Uint8Array>({
    transform: (chunk, controller) => controller.enqueue(chunk.data),
  });
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  const isWebm =
    webmVideo.has((await video?.getCodec()) ?? "") &&
    (audio === null || webmAudio.has((await audio.getCodec()) ?? ""));
  const conversion = await Conversion.init({
    input,
    tracks: "primary",
    output: new Output({
      format: isWebm
        ? new WebMOutputFormat({ appendOnly: true })
        : new Mp4OutputFormat({ fastStart: "fragmented" }),
      target: new StreamTarget(pipe.writable),
    }),
    showWarnings: false,
  });
  const kept = new Set<InputTrack>(conversion.utilizedTracks);
  const isWhole = [video, audio].every((track) => track === null || kept.has(track));
  if (!conversion.isValid || !isWhole) {
    input.dispose();
    throw refused("matroska_codec");
  }
  const onAbort = (): void => void conversion.cancel();
  signal.addEventListener("abort", onAbort, { once: true });
  const written = conversion.execute().finally(() => {
    signal.removeEventListener("abort", onAbort);
    input.dispose();
  });
  // Told where the body ends; until then nobody listens.
  written.catch(() => undefined);
  const whole = async (): Promise<void> => {
    await written;
    if (reading.failure !== undefined) throw reading.failure;
  };
  return {
    body: endingWith(pipe.readable, whole, () => conversion.cancel()),
    mimeType: isWebm ? "video/webm" : "video/mp4",
  };
}

/** The library closes its target also where it failed: the end is one only when all was written. */
function endingWith(
  stream: ReadableStream<Uint8Array>,
  whole: () => Promise<void>,
  stop: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      await whole();
      controller.close();
    },
    async cancel(reason) {
      await stop();
      await reader.cancel(reason);
    },
  });
}

function refused(videoFault: VideoFault): StageError {
  return new StageError("mime_type_not_allowed", "fail", { videoFault });
}

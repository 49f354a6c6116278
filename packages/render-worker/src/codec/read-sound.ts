import { type AudioSample, AudioSampleSink, type InputAudioTrack } from "mediabunny";
import * as av from "node-av";
import { channels, sampleRate } from "../sound/format.ts";
import type { Sound } from "./codec.ts";
import { must } from "./scaler.ts";

/** Seconds by which a block may lie off its place before it is put right. */
const tolerance = 0.01;
/** Seconds of run-up: what a decoder gives out first leans on pieces before, and is silence without. */
const runUp = 0.2;

/** @param origin the second of the file that is the player's first */
export async function readSound(track: InputAudioTrack, origin: number): Promise<Sound> {
  const sink = new AudioSampleSink(track);
  return {
    seconds: (await track.computeDuration()) - origin,
    async *from(second) {
      const start = second + origin;
      let resampler: Resampler | null = null;
      let written = 0;
      const slack = tolerance * sampleRate;
      try {
        for await (const sample of sink.samples(start - runUp)) {
          using block = sample;
          resampler ??= openResampler(block.sampleRate);
          const place = Math.round((block.timestamp - start) * sampleRate) - written;
          if (place > slack) {
            yield new Float32Array(place * channels);
            written += place;
          }
          let sound = await resampler.convert(stereo(block));
          if (place < (written > 0 ? -slack : 0))
            sound = sound.subarray(Math.min(sound.length, -place * channels));
          written += sound.length / channels;
          if (sound.length > 0) yield sound;
        }
        const rest = await resampler?.convert(null);
        if (rest && rest.length > 0) yield rest;
      } finally {
        resampler?.close();
      }
    },
  };
}

/** As players mix it down: one channel goes to both sides, of more the middle and what surrounds. */
function stereo(sample: AudioSample): Float32Array {
  const count = sample.numberOfChannels;
  const given = new Float32Array(sample.numberOfFrames * count);
  sample.copyTo(given, { planeIndex: 0, format: "f32" });
  if (count === channels) return given;
  const shares = Array.from({ length: count }, (_, channel) => shareOf(channel, count));
  const mixed = new Float32Array(sample.numberOfFrames * channels);
  for (let frame = 0; frame < sample.numberOfFrames; frame++) {
    for (const [channel, [left, right]] of shares.entries()) {
      const heard = given[frame * count + channel] ?? 0;
      mixed[frame * 2] = (mixed[frame * 2] ?? 0) + heard * left;
      mixed[frame * 2 + 1] = (mixed[frame * 2 + 1] ?? 0) + heard * right;
    }
  }
  return mixed;
}

/**
 * What of a channel goes left and right, in the order of FFmpeg's usual layouts: left, right, middle,
 * from six on the one for low frequencies, then pairs that surround, or one behind.
 */
function shareOf(channel: number, count: number): readonly [number, number] {
  if (count === 1) return [1, 1];
  if (channel < 2) return channel === 0 ? [1, 0] : [0, 1];
  if (channel === 2) return [Math.SQRT1_2, Math.SQRT1_2];
  const behind = count >= 6 ? 4 : 3;
  if (channel < behind) return [0, 0];
  if ((count - behind) % 2 === 1 && channel === behind) return [0.5, 0.5];
  const isLeft = (channel - behind) % 2 === (count - behind) % 2;
  return isLeft ? [Math.SQRT1_2, 0] : [0, Math.SQRT1_2];
}

interface Resampler {
  /** At our rate; null asks for what is still inside. */
  convert(sound: Float32Array | null): Promise<Float32Array>;
  close(): void;
}

function openResampler(rate: number): Resampler {
  if (rate === sampleRate) {
    return { convert: async (sound) => sound ?? new Float32Array(), close: () => undefined };
  }
  const context = new av.SoftwareResampleContext();
  const { AV_CHANNEL_LAYOUT_STEREO: layout, AV_SAMPLE_FMT_FLT: format } = av;
  must(
    context.allocSetOpts2(layout, format, sampleRate, layout, format, rate),
    "set up resampling",
  );
  must(context.init(), "begin resampling");
  return {
    async convert(sound) {
      const frames = sound ? sound.length / channels : 0;
      const room = context.getOutSamples(frames) + 256;
      const out = new Float32Array(room * channels);
      const input = sound ? [bytesOf(sound)] : null;
      const count = await context.convert([bytesOf(out)], room, input, frames);
      must(count, "resample");
      return out.subarray(0, count * channels);
    },
    close: () => context.free(),
  };
}

function bytesOf(sound: Float32Array): Buffer {
  return Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength);
}

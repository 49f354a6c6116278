import { channels, type SoundBlocks, sampleRate } from "./format.ts";

/** From this sample of the made video up to, not including, the other one. */
export interface Span {
  from: number;
  to: number;
}

/** One sound of the mix. It is read from its beginning to its end, in its spans and nowhere else. */
export interface MixTrack {
  spans: readonly Span[];
  gain: number;
  /** A second gain that changes with time. */
  envelope?: (sample: number) => number;
  open(): SoundBlocks;
}

export interface Mixer {
  /** The next samples of the mix, interleaved. */
  read(count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Samples of fading where a sound is cut, so that it does not click. */
const fade = 0.005 * sampleRate;

/** Mixes what is heard, from this sample on; holds a block of each sound that is playing. */
export function createMixer(tracks: readonly MixTrack[], start: number): Mixer {
  const players = tracks.map(createPlayer);
  let now = 0;
  const mixNext = async (count: number): Promise<Float32Array> => {
    const mix = new Float32Array(count * channels);
    for (const player of players) await player.addTo(mix, now, count);
    now += count;
    return mix;
  };
  return {
    async read(count) {
      if (now < start) await mixNext(start - now);
      return limited(await mixNext(count));
    },
    async close() {
      for (const player of players) await player.close();
    },
  };
}

function createPlayer(track: MixTrack) {
  const reader = createReader(() => track.open());
  const end = Math.max(0, ...track.spans.map(({ to }) => to));
  return {
    async addTo(mix: Float32Array, now: number, count: number): Promise<void> {
      for (const span of track.spans) {
        const from = Math.max(span.from, now);
        const to = Math.min(span.to, now + count);
        if (from >= to) continue;
        const sound = await reader.read(to - from);
        for (let at = 0; at < sound.length / channels; at++) {
          const sample = from + at;
          const gain = track.gain * (track.envelope?.(sample) ?? 1) * edge(span, sample);
          const place = (sample - now) * channels;
          for (let channel = 0; channel < channels; channel++) {
            const heard = sound[at * channels + channel] ?? 0;
            mix[place + channel] = (mix[place + channel] ?? 0) + heard * gain;
          }
        }
      }
      if (now + count >= end) await reader.close();
    },
    close: () => reader.close(),
  };
}

/** Nothing fades at the very beginning of all. */
function edge({ from, to }: Span, sample: number): number {
  const inside = from === 0 ? 1 : (sample - from) / fade;
  return Math.min(1, inside, (to - sample) / fade);
}

/** Cuts blocks of any length to the length asked for; less only at the end. */
function createReader(open: () => SoundBlocks) {
  let blocks: AsyncIterator<Float32Array> | null = null;
  let rest = new Float32Array();
  let isOver = false;
  return {
    async read(count: number): Promise<Float32Array> {
      const out = new Float32Array(count * channels);
      let filled = 0;
      while (filled < out.length && !isOver) {
        if (rest.length === 0) {
          blocks ??= open()[Symbol.asyncIterator]();
          const next = await blocks.next();
          if (next.done) isOver = true;
          else rest = new Float32Array(next.value);
          continue;
        }
        const part = rest.subarray(0, out.length - filled);
        out.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
      }
      return out.subarray(0, filled);
    },
    async close(): Promise<void> {
      isOver = true;
      rest = new Float32Array();
      await blocks?.return?.();
      blocks = null;
    },
  };
}

/** Above this a sample is bent down more and more, so that none reaches 1. */
const knee = 0.8;

function limited(mix: Float32Array): Float32Array {
  return mix.map((sample) => {
    const over = Math.abs(sample) - knee;
    if (over <= 0) return sample;
    return Math.sign(sample) * (knee + (1 - knee) * Math.tanh(over / (1 - knee)));
  });
}

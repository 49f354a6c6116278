import { channels, type SoundBlocks, sampleRate } from "./format.ts";

export interface Loudness {
  /** LUFS over all that is not silence; null for silence. */
  lufs: number | null;
  /** Samples before the first that is heard. */
  lead: number;
  /** Samples in all. */
  length: number;
}

/** Quieter than this nobody hears: what codecs leave in silence. */
const audible = 0.002;
const blockSamples = 0.1 * sampleRate;
/** Of 400 ms, in steps of 100. */
const stepsAWindow = 4;
const absoluteGate = -70;
const relativeGate = -10;

/**
 * Integrated loudness as ITU-R BS.1770-4 says: weighted as ears do, and gated, so that pauses do
 * not count. Reads once and holds a number for each tenth of a second.
 */
export async function measureLoudness(sound: SoundBlocks): Promise<Loudness> {
  const filters = Array.from({ length: channels }, () => kWeighting());
  const steps: number[] = [];
  let energy = 0;
  let length = 0;
  let lead: number | null = null;
  for await (const block of sound) {
    for (let at = 0; at < block.length; at += channels) {
      for (let channel = 0; channel < channels; channel++) {
        const sample = block[at + channel] ?? 0;
        if (lead === null && Math.abs(sample) > audible) lead = length;
        const weighted = filters[channel]?.(sample) ?? 0;
        energy += weighted * weighted;
      }
      length += 1;
      if (length % blockSamples === 0) {
        steps.push(energy / blockSamples);
        energy = 0;
      }
    }
  }
  const rest = length % blockSamples;
  if (rest > 0) steps.push(energy / rest);
  return { lufs: lead === null ? null : gated(windows(steps)), lead: lead ?? 0, length };
}

function windows(steps: readonly number[]): number[] {
  if (steps.length < stepsAWindow) return [mean(steps)];
  return Array.from({ length: steps.length - stepsAWindow + 1 }, (_, at) =>
    mean(steps.slice(at, at + stepsAWindow)),
  );
}

function gated(powers: readonly number[]): number | null {
  const loud = powers.filter((power) => lufs(power) > absoluteGate);
  if (loud.length === 0) return null;
  const threshold = lufs(mean(loud)) + relativeGate;
  return lufs(mean(loud.filter((power) => lufs(power) > threshold)));
}

function lufs(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length);
}

/** The two filters of BS.1770 at 48 kHz, with the coefficients of its tables 1 and 2. */
function kWeighting(): (sample: number) => number {
  const shelf = biquad(
    1.53512485958697,
    -2.69169618940638,
    1.19839281085285,
    [-1.69065929318241, 0.73248077421585],
  );
  const highPass = biquad(1, -2, 1, [-1.99004745483398, 0.99007225036621]);
  return (sample) => highPass(shelf(sample));
}

function biquad(b0: number, b1: number, b2: number, [a1, a2]: [number, number]) {
  let z1 = 0;
  let z2 = 0;
  return (sample: number): number => {
    const out = b0 * sample + z1;
    z1 = b1 * sample - a1 * out + z2;
    z2 = b2 * sample - a2 * out;
    return out;
  };
}

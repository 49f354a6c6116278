const LARGEST = 32_767;

/** Louder or quieter by `gainDb` decibels; what would overflow is clipped. */
export function amplify(samples: Int16Array, gainDb: number): Int16Array {
  if (gainDb === 0) return samples;
  const factor = 10 ** (gainDb / 20);
  return samples.map((sample) =>
    Math.max(-LARGEST, Math.min(LARGEST, Math.round(sample * factor))),
  );
}

/**
 * The same sound at another sample rate: linear between samples, and averaged over the step when
 * there are fewer samples than before, so that high tones fade instead of folding back.
 */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples;
  const step = from / to;
  const result = new Int16Array(Math.round(samples.length / step));
  for (let index = 0; index < result.length; index++) {
    result[index] =
      step > 1 ? average(samples, index * step, step) : between(samples, index * step);
  }
  return result;
}

function average(samples: Int16Array, at: number, width: number): number {
  const first = Math.floor(at);
  const last = Math.max(first + 1, Math.round(at + width));
  const part = samples.subarray(first, last);
  return part.reduce((sum, sample) => sum + sample, 0) / Math.max(1, part.length);
}

function between(samples: Int16Array, at: number): number {
  const before = samples[Math.floor(at)] ?? 0;
  const after = samples[Math.floor(at) + 1] ?? before;
  return before + (after - before) * (at - Math.floor(at));
}

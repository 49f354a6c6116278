import type { Activity } from "./activity.ts";
import { ascending, quantile } from "./statistics.ts";

/** What a burst must show, so that it is taken for movement. */
export interface Evidence {
  /** Effort that is bookkeeping of the encoder, not movement. */
  floor: number;
  /** How many times the effort of rest movement takes at least. */
  leastRatio: number;
  /**
   * Below this spread (natural logarithm of high over low) a clip is all still or all moving, or
   * too grainy to tell.
   */
  leastSpread: number;
  /** A burst's level lies this far above that of rest (natural logarithm). */
  leastRise: number;
}

const LEAST_SPREAD = 0.7;
const LEAST_RISE = 0.5;

/** Where half of the windows differ by so little, the encoder does the same all the time: it rests. */
const STEADY_SHARE = 1.12;
const STEADY_BYTES = 2;
/** Efforts below are rounded too coarsely to be called steady. */
const LEAST_STEADY_EFFORT = 4;
const STEADY = { leastRatio: 1.45, leastSpread: 0.35, leastRise: 0.25 } as const;

/**
 * Of a clip that is steady at rest a smaller rise tells than of one whose frames vary by
 * themselves, and what its frames cost at rest is all that is bookkeeping.
 */
export function evidenceFor(
  { raw, isWarmUp }: Activity,
  { floor, leastRatio }: { floor: number; leastRatio: number },
): Evidence {
  const seen = ascending(
    raw.filter((effort, at): effort is number => effort !== null && !isWarmUp[at]),
  );
  const usual = { floor, leastRatio, leastSpread: LEAST_SPREAD, leastRise: LEAST_RISE };
  if (seen.length === 0) return usual;
  const rest = quantile(seen, 0.5);
  const isSteady = rest <= STEADY_SHARE * quantile(seen, 0.1) + STEADY_BYTES;
  if (!isSteady || rest < LEAST_STEADY_EFFORT) return usual;
  return {
    ...STEADY,
    floor: Math.min(floor, rest),
    leastRatio: Math.min(leastRatio, STEADY.leastRatio),
  };
}

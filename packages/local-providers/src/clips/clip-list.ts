import type { Clip } from "./clip.ts";
import { codecs, tracks } from "./lists/codecs.ts";
import { edits } from "./lists/edits.ts";
import { ends, refusals } from "./lists/ends.ts";
import { rates } from "./lists/rates.ts";
import { stills } from "./lists/stills.ts";

/** Files as devices and programs make them. Nothing of them is committed; ffmpeg makes them. */
export const CLIPS: readonly Clip[] = [
  ...codecs,
  ...tracks,
  ...edits,
  ...rates,
  ...stills,
  ...ends,
  ...refusals,
];

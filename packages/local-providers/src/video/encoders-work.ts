import type { Sample } from "./activity.ts";
import { ascending, median, quantile } from "./statistics.ts";

/** What moves does so between pictures of one group, too: by this share, in a fifth of the steps. */
const LEAST_STEP_SHARE = 0.3;
const STEP_QUANTILE = 0.8;
/** Of fewer steps, groups or pictures nothing can be told. */
const LEAST_STEPS = 3;
const LEAST_GROUPS = 3;
const LEAST_PICTURES = 6;
/** An encoder that is short of bits comes to a still picture that begins so early, in seconds. */
const LATEST_WARM_UP = 1;
/** Grain of a cell from picture to picture, and what counts as a cell that changed. */
const GRAIN = 2;
const CHANGED = 16;
/** Of all that cells change, such a share is taken back where something moves. */
const LEAST_RETURN = 0.15;

/**
 * Whether what changes in a stretch is a still picture that an encoder draws, being short of bits: anew
 * with each group of frames, and differently; or from a rough one at the begin to a fine one.
 */
export function isEncodersWork(stretch: readonly Sample[]): boolean {
  return isDrawnAnew(stretch) || isRefined(stretch);
}

function isDrawnAnew(stretch: readonly Sample[]): boolean {
  const steps = ascending(stretch.flatMap(({ step }) => step ?? []));
  if (steps.length < LEAST_STEPS || stretch.length - steps.length < LEAST_GROUPS) return false;
  const usual = median(stretch.map(({ change }) => change?.top ?? 0));
  return quantile(steps, STEP_QUANTILE) < LEAST_STEP_SHARE * usual;
}

/** Cells that are refined go one way; where something passes they are covered, then uncovered. */
function isRefined(stretch: readonly Sample[]): boolean {
  const [first, last] = [stretch[0], stretch.at(-1)];
  if (first === undefined || last === undefined || first.start > LATEST_WARM_UP) return false;
  if (stretch.length < LEAST_PICTURES) return false;
  let changed = 0;
  let returned = 0;
  for (const [cell, begin] of first.cells.entries()) {
    let path = 0;
    for (let index = 1; index < stretch.length; index++) {
      const step = (stretch[index]?.cells[cell] ?? 0) - (stretch[index - 1]?.cells[cell] ?? 0);
      path += Math.max(0, Math.abs(step) - GRAIN);
    }
    if (path < CHANGED) continue;
    changed += path;
    returned += Math.max(0, path - Math.abs((last.cells[cell] ?? 0) - begin));
  }
  return changed > 0 && returned < LEAST_RETURN * changed;
}

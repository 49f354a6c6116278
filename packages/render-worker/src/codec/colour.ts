import type * as av from "node-av";
import type { Colour } from "./codec.ts";

/** BT.709: what every player shows, and what a render without any video is tagged as. */
export const usualColour: Colour = { primaries: 1, transfer: 1, matrix: 1 };

/** PQ and HLG, by H.273: brighter than captions, and than many players show. */
const highDynamicRange: readonly number[] = [16, 18];

/**
 * The colours in which pictures are drawn and written: their own, but those of a high dynamic range
 * are mapped to BT.709, where white is white; and numbers of red, green and blue are not written.
 */
export function writtenColour(frame: av.Frame): Colour {
  const { colorPrimaries: primaries, colorTrc: transfer, colorSpace: matrix } = frame;
  const isOther = matrix === 0 || highDynamicRange.includes(transfer);
  return isOther ? usualColour : { primaries, transfer, matrix };
}

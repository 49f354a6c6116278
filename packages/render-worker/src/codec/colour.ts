import type * as av from "node-av";
import type { Colour } from "./codec.ts";

/** BT.709: what every player shows, and what a render without any video is tagged as. */
export const usualColour: Colour = { primaries: 1, transfer: 1, matrix: 1 };
/** BT.601, of the days of small pictures. */
const smallColour: Colour = { primaries: 6, transfer: 6, matrix: 6 };

const unsaid = 2;
/** PQ and HLG, by H.273: brighter than captions, and than many players show. */
const highDynamicRange: readonly number[] = [16, 18];

/**
 * The colours in which pictures are drawn and written: their own, but those of a high dynamic range
 * are mapped to BT.709, where white is white; and numbers of red, green and blue are not written.
 * Of pictures that say nothing players go by the size, which in the made video is another: so it is
 * said there.
 */
export function writtenColour(frame: av.Frame): Colour {
  const { colorPrimaries: primaries, colorTrc: transfer, colorSpace: matrix } = frame;
  if (matrix === 0 || highDynamicRange.includes(transfer)) return usualColour;
  if (matrix !== unsaid) return { primaries, transfer, matrix };
  return frame.width >= 1280 || frame.height > 576 ? usualColour : smallColour;
}

/** Has a picture that says nothing of its colours say these. */
export function sayColour(frame: av.Frame, { matrix }: Colour): void {
  if (frame.colorSpace === unsaid) frame.colorSpace = matrix as av.AVColorSpace;
}

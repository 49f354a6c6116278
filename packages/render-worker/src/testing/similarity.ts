import type { ImageData } from "@napi-rs/canvas";

const window = 8;

/** Structural similarity of two pictures' brightness, 1 for the same: the mean over windows. */
export function similarity(one: ImageData, other: ImageData): number {
  if (one.width !== other.width || one.height !== other.height) return 0;
  const values: number[] = [];
  for (let y = 0; y + window <= one.height; y += window) {
    for (let x = 0; x + window <= one.width; x += window) values.push(ofWindow(one, other, x, y));
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How far colours lie apart, of 255, on average over all pixels and channels. */
export function colourDistance(one: ImageData, other: ImageData): number {
  let sum = 0;
  for (let at = 0; at < one.data.length; at++) {
    sum += Math.abs((one.data[at] ?? 0) - (other.data[at] ?? 0));
  }
  return sum / (one.width * one.height * 3);
}

function ofWindow(one: ImageData, other: ImageData, left: number, top: number): number {
  let a = 0;
  let b = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let y = top; y < top + window; y++) {
    for (let x = left; x < left + window; x++) {
      const p = brightness(one, x, y);
      const q = brightness(other, x, y);
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  const n = window * window;
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  const [meanA, meanB] = [a / n, b / n];
  const spread = aa / n - meanA ** 2 + (bb / n - meanB ** 2);
  const together = ab / n - meanA * meanB;
  return (
    ((2 * meanA * meanB + c1) * (2 * together + c2)) /
    ((meanA ** 2 + meanB ** 2 + c1) * (spread + c2))
  );
}

function brightness({ data, width }: ImageData, x: number, y: number): number {
  const at = (y * width + x) * 4;
  return 0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0);
}

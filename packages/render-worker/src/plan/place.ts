import type { ElementType, FitMode } from "@sideline/contracts";

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  x: number;
  y: number;
}

/**
 * Where the whole picture lies so that it fits the box in that way; the box cuts what is over.
 * @see FitMode in the contracts for what the words mean
 */
export function placePicture(picture: Size, box: Box, fit: FitMode, type: ElementType): Box {
  const meaning = fit === "auto" ? (type === "overlay" ? "fill" : "contain") : fit;
  if (meaning === "fill" || meaning === "stretch") return box;
  const across = box.width / picture.width;
  const down = box.height / picture.height;
  const scale = meaning === "contain" ? Math.min(across, down) : Math.max(across, down);
  const width = Math.round(picture.width * scale);
  const height = Math.round(picture.height * scale);
  return {
    x: box.x + Math.round((box.width - width) / 2),
    y: box.y + Math.round((box.height - height) / 2),
    width,
    height,
  };
}

/**
 * An element's box. What it does not say is its own, or reaches to the edges of the frame; it is no
 * smaller than a pixel.
 */
export function boxOf(
  element: { x: number | null; y: number | null; width: number | null; height: number | null },
  frame: Size,
  own?: Size,
): Box {
  const x = Math.round(element.x ?? 0);
  const y = Math.round(element.y ?? 0);
  return {
    x,
    y,
    width: Math.max(1, Math.round(element.width ?? own?.width ?? frame.width - x)),
    height: Math.max(1, Math.round(element.height ?? own?.height ?? frame.height - y)),
  };
}

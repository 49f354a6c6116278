import { limits, type RenderClaim } from "@sideline/contracts";
import type { Size } from "./place.ts";

/**
 * The made video's size: as asked for, or in the clip's own shape. Encoders want even numbers, and
 * a very long shape is cut down to what they take.
 */
export function frameOf(
  render: Pick<RenderClaim, "width" | "height" | "options">,
  clip: Size | null,
): Size {
  const { shape, size } = render.options;
  if (shape !== "source" || size === undefined || !clip) {
    return { width: render.width, height: render.height };
  }
  const scale = Math.min(
    size / Math.min(clip.width, clip.height),
    limits.pictureSide / Math.max(clip.width, clip.height),
  );
  const even = (pixels: number) => Math.max(16, Math.round((pixels * scale) / 2) * 2);
  return { width: even(clip.width), height: even(clip.height) };
}

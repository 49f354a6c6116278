import * as av from "node-av";
import { FilterAPI } from "node-av/api";

/**
 * Frames of two half pictures, as camcorders make them, become whole ones; all others are handed
 * on. FFmpeg's scaler refuses half pictures, and one that is held would look like a comb.
 */
export async function* deinterlaced(frames: AsyncIterable<av.Frame>): AsyncGenerator<av.Frame> {
  let filter: FilterAPI | null = null;
  try {
    for await (const frame of frames) {
      if (!filter && frame.hasFlags(av.AV_FRAME_FLAG_INTERLACED)) {
        filter = FilterAPI.create("yadif=deint=interlaced", { allowReinit: true });
      }
      if (filter) {
        const whole = await filter.processAll(frame);
        frame.free();
        yield* whole;
      } else {
        yield frame;
      }
    }
    if (filter) yield* filter.flushFrames();
  } finally {
    filter?.close();
  }
}

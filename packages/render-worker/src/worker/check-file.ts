import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from "mediabunny";
import { RenderError } from "../render-error.ts";

export interface Expected {
  frames: number;
  seconds: number;
  hasSound: boolean;
}

/** Seconds by which tracks may differ in length: sound comes in pieces. */
const tolerance = 0.1;

/**
 * Reads the made file down to its packets: as many pictures as planned, picture and sound as long
 * as planned. Throws RenderError `render_invalid`.
 */
export async function checkFile(file: string, expected: Expected): Promise<void> {
  using input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(file) });
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  const wrong = (what: string) => new RenderError("render_invalid", what);
  if (!video) throw wrong("it has no picture");
  let frames = 0;
  for await (const _ of new EncodedPacketSink(video).packets(undefined, undefined, {
    metadataOnly: true,
  })) {
    frames += 1;
  }
  if (frames !== expected.frames) throw wrong(`${frames} pictures, not ${expected.frames}`);
  if ((audio !== null) !== expected.hasSound) throw wrong("its sound is missing");
  for (const track of [video, ...(audio ? [audio] : [])]) {
    const seconds = await track.computeDuration();
    if (Math.abs(seconds - expected.seconds) > tolerance) {
      throw wrong(`its ${track.type} lasts ${seconds} s, not ${expected.seconds}`);
    }
  }
}

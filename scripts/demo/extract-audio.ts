import {
  ALL_FORMATS,
  Conversion,
  FilePathSource,
  FilePathTarget,
  Input,
  Mp4OutputFormat,
  Output,
} from "mediabunny";

/** Copies the sound of a video, as it is, into an MP4 without a picture. For tests. */
export async function extractAudio(from: string, to: string): Promise<void> {
  const input = new Input({ source: new FilePathSource(from), formats: ALL_FORMATS });
  const output = new Output({ format: new Mp4OutputFormat(), target: new FilePathTarget(to) });
  const conversion = await Conversion.init({ input, output, video: { discard: true } });
  await conversion.execute();
}

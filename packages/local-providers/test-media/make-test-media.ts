// Makes the clips beside this file: `node packages/local-providers/test-media/make-test-media.ts`.
// Needs ffmpeg with libx264, libx265 and libvpx. The clips are committed, so tests need no ffmpeg.

import { fileURLToPath } from "node:url";
import { runFfmpeg } from "../../../samples/ffmpeg.ts";
import { type FrameOptions, renderFrames } from "../../../samples/frames.ts";

/** Every clip that is not all still or all moving moves from 3 to 5 s and from 7 to 8.5 s. */
const USUAL: FrameOptions = {
  width: 320,
  height: 180,
  framesPerSecond: 15,
  seconds: 10,
  grain: 4,
  bursts: [
    [3, 5],
    [7, 8.5],
  ],
};

const x264 = "-c:v libx264 -preset slow -crf 28";
const x265 = "-c:v libx265 -crf 30 -tag:v hvc1 -x265-params log-level=error";
const vp9 = "-c:v libvpx-vp9 -crf 40 -b:v 0 -row-mt 0";
const cbr = "-c:v libx264 -b:v 32k -minrate 32k -maxrate 32k -bufsize 32k";
const vp9Live = "-c:v libvpx-vp9 -deadline realtime -cpu-used 7 -b:v 50k";
const hummed = "-f lavfi -i sine=frequency=220:duration=10 -c:a aac -b:a 16k";

interface Clip {
  file: string;
  /** As on a command line. */
  args: string;
  scene?: Partial<FrameOptions>;
}

const CLIPS: Clip[] = [
  { file: "hevc.mp4", args: x265 },
  { file: "vp9.webm", args: vp9 },
  { file: "quicktime.mov", args: `${x264} -movflags +faststart` },
  { file: "fragmented.mp4", args: `${x264} -g 30 -movflags frag_keyframe+empty_moov` },
  { file: "cbr.mp4", args: cbr, scene: { grain: 2 } },
  { file: "vp9-realtime.webm", args: vp9Live, scene: { grain: 2 } },
  { file: "index-last.mp4", args: x264 },
  { file: "still.mp4", args: x264, scene: { bursts: [] } },
  { file: "moving.mp4", args: x264, scene: { bursts: [[0, 10]] } },
  { file: "intra-only.mp4", args: `${x264} -crf 38 -g 1`, scene: { seconds: 3 } },
  { file: "one-frame.mp4", args: x264, scene: { seconds: 1 / 15 } },
];

const place = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const make = (args: string, file: string, input?: Iterable<Uint8Array>) =>
  runFfmpeg([...args.split(" "), "-fflags", "+bitexact", place(file)], input);

for (const { file, args, scene } of CLIPS) {
  const options = { ...USUAL, ...scene };
  const size = `${options.width}x${options.height}`;
  const input = `-f rawvideo -pix_fmt rgb24 -s ${size} -r ${options.framesPerSecond} -i -`;
  await make(`${input} ${args} -pix_fmt yuv420p -map_metadata -1`, file, renderFrames(options));
}

// Paths are given by their place among the words: this folder's may have spaces.
const change = (from: string, args: string, file: string) =>
  runFfmpeg(["-i", place(from), ...args.split(" "), "-fflags", "+bitexact", place(file)]);
await change("still.mp4", "-c copy -metadata:s:v rotate=90", "rotated.mp4");
// What a browser's recorder writes: no sizes, no index, because it cannot seek back.
await change("vp9.webm", "-c copy -live 1", "live.webm");
await make(`${hummed} -t 3`, "audio-only.mp4");
await change("quicktime.mov", `${hummed} -c:v copy`, "with-sound.mp4");
console.log(`made ${CLIPS.length + 4} clips`);

import { type Clip, NOTHING } from "../clip.ts";
import { x264 } from "./codecs.ts";

const frozen = (fps: number) =>
  `loop=loop=-1:size=1:start=0,setpts=N/(${fps}*TB),fps=${fps},trim=duration=12`;
const still = (file: string, fps: number, args: string): Clip => ({
  file,
  from: "frozen",
  args: `-vf ${frozen(fps)} ${args}`,
  shows: NOTHING,
});

/** Stills: whatever the encoder does to them, nothing moves. */
export const stills: Clip[] = [
  { file: "still-grain.mp4", from: "rests", args: x264, shows: NOTHING },
  {
    file: "still-grain-average.mp4",
    from: "rests",
    args: "-c:v libx264 -preset superfast -b:v 200k",
    shows: NOTHING,
  },
  {
    file: "still-grain.webm",
    from: "rests",
    args: "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 200k",
    shows: NOTHING,
  },
  {
    file: "still-grain-vp8.webm",
    from: "rests",
    args: "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 200k",
    shows: NOTHING,
  },
  {
    file: "still-grain-hevc.mp4",
    from: "rests",
    args: "-c:v libx265 -preset ultrafast -b:v 200k -x265-params log-level=error",
    shows: NOTHING,
  },
  still("still-10-fps.mp4", 10, "-c:v libx264 -preset superfast -b:v 1M"),
  still("still-30-fps.mp4", 30, "-c:v libx264 -preset ultrafast -tune zerolatency -b:v 1M"),
  still(
    "still-constant.ts",
    30,
    "-c:v libx264 -preset superfast -b:v 300k -minrate 300k -maxrate 300k -bufsize 300k -x264-params nal-hrd=cbr",
  ),
  still("still-240-fps.mp4", 240, `${x264} -preset ultrafast`),
  still(
    "still-hevc.mov",
    15,
    "-c:v libx265 -preset ultrafast -b:v 500k -x265-params log-level=error",
  ),
  still("still-vp8.webm", 30, "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 1M"),
  still("still-vp9.webm", 30, "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 1M"),
  still("still-vp9-10-fps.webm", 10, "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 1M"),
  still("still-mpeg4.mp4", 30, "-c:v mpeg4 -b:v 500k"),
];

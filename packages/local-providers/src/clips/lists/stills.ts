import { type Clip, NOTHING } from "../clip.ts";
import { live, x264 } from "./codecs.ts";

/** One picture for eight seconds. */
const frozen = (fps: number) =>
  `loop=loop=-1:size=1:start=0,setpts=N/(${fps}*TB),fps=${fps},trim=duration=8`;
const encoded = (file: string, from: Clip["from"], args: string): Clip => ({
  file,
  from,
  args: `${args} -t 8`,
  shows: NOTHING,
});
const still = (file: string, fps: number, args: string, more = "") =>
  encoded(file, "frozen", `-vf ${frozen(fps)}${more} ${args}`);
const shown = (file: string, graph: string) =>
  encoded(file, "frozen", `-filter_complex ${graph} ${x264}`);
const other = `testsrc2=s=320x180:r=1,${frozen(15)}`;

/** Stills: whatever encoders, lights and editors do to them, nothing moves. */
export const stills: Clip[] = [
  encoded("still-grain.mp4", "rests", x264),
  encoded("still-grain.webm", "rests", `-c:v libvpx-vp9 -b:v 200k ${live}`),
  encoded(
    "still-grain-hevc.mp4",
    "rests",
    "-c:v libx265 -preset ultrafast -b:v 200k -x265-params log-level=error",
  ),
  still("still-heavy-grain.mp4", 15, `${x264} -crf 38`, ",noise=alls=25:allf=t"),
  still("still-heavy-grain.webm", 10, `-c:v libvpx -b:v 80k ${live}`, ",noise=alls=16:allf=t"),
  still("still-constant.ts", 30, `${x264} -b:v 300k -maxrate 300k -bufsize 300k`),
  still("still-vp8.webm", 30, `-c:v libvpx -b:v 1M ${live}`),
  still("still-mpeg4.mp4", 30, "-c:v mpeg4 -b:v 500k"),
  still("faded.mp4", 15, x264, ",fade=in:st=0:d=2,fade=out:st=6:d=2"),
  still("flickering.mp4", 15, x264, ",eq=brightness='0.06*sin(9*t)':eval=frame"),
  shown("slides.mp4", `${frozen(15)}[a];${other}[b];[a][b]overlay=enable='between(t,3,6)'`),
  shown(
    "dissolved.mp4",
    `${frozen(15)}[a];${other},format=yuva420p,fade=in:st=3:d=2:alpha=1[b];[a][b]overlay`,
  ),
];

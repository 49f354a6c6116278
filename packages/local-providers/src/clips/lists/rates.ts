import { type Clip, MOVES, NOTHING } from "../clip.ts";
import { av1, live, x264 } from "./codecs.ts";

const rate = (filter: string, more = "") => `-vf ${filter} ${x264} ${more}`;

/** A box that slides over a picture as the scene moves, at a rate that the scene is not drawn at. */
const sliding = (fps: number, { side = 60, grain = 0 } = {}) => {
  const when = MOVES.map(([start, end]) => `between(t,${start},${end})`).join("+");
  const place = (middle: number, reach: number, speed: number) =>
    `'${middle}+if(${when},${reach}*sin(${speed}*t),0)'`;
  const still = `loop=loop=-1:size=1:start=0,setpts=N/(${fps}*TB),fps=${fps},trim=duration=10`;
  const box = `color=red:s=${side}x${side}:r=${fps}`;
  const over = `overlay=x=${place(130, 120, 7)}:y=${place(60, 50, 5)}:shortest=1`;
  return `${still}[a];${box}[b];[a][b]${over},noise=alls=${grain}:allf=t`;
};
const slid = (
  file: string,
  fps: number,
  look: Parameters<typeof sliding>[1],
  args: string,
): Clip => ({
  file,
  from: "frozen",
  args: `-filter_complex ${sliding(fps, look)} ${args}`,
  shows: MOVES,
});
const vp9 = `-c:v libvpx-vp9 -b:v 80k ${live}`;

/** Frame rates and lengths. */
export const rates: Clip[] = [
  { file: "one-frame.mp4", from: "frozen", args: x264, shows: NOTHING },
  { file: "short.mp4", from: "moves", args: `${x264} -t 0.4`, shows: NOTHING },
  {
    file: "short.webm",
    from: "moves",
    args: "-c:v libvpx -deadline realtime -t 0.7",
    shows: NOTHING,
  },
  { file: "1-fps.mp4", from: "rests", args: rate("setpts=15*PTS", "-r 1"), shows: NOTHING },
  { file: "240-fps.mov", from: "rests", args: rate("setpts=PTS/4,fps=240"), shows: NOTHING },
  slid("240-fps-moving.mp4", 240, {}, x264),
  slid("small-in-grain.mp4", 15, { side: 18, grain: 20 }, `${x264} -crf 36`),
  slid("small-in-grain.webm", 10, { side: 18, grain: 10 }, vp9),
  slid("small-5-fps.webm", 5, { side: 12 }, vp9),
  slid("small-5-fps-vp8.webm", 5, { side: 12 }, `-c:v libvpx -b:v 100k ${live}`),
  { ...slid("small-5-fps-av1.mp4", 5, { side: 18, grain: 8 }, av1), isSlow: true },
  { file: "29.97-fps.mp4", from: "moves", args: rate("fps=30000/1001"), shows: MOVES },
  {
    file: "slowed-by-times.mp4",
    from: "moves",
    args: rate("setpts=4*PTS", "-r 15"),
    shows: [
      [12, 20],
      [28, 34],
    ],
  },
  // A screen recorder's: frames only where something changed.
  {
    file: "changes-only.mp4",
    from: "rests",
    args: rate("select='not(mod(n,7))*lt(n,40)+between(n,100,104)'", "-vsync vfr"),
    shows: NOTHING,
  },
  {
    file: "changes-only.mkv",
    from: "rests",
    args: rate("select='eq(n,0)+between(n,45,50)+between(n,140,149)'", "-vsync vfr"),
    shows: NOTHING,
  },
  {
    file: "dropped-frames.mp4",
    from: "moves",
    args: rate("select='not(between(mod(n,30),20,24))'", "-vsync vfr"),
    shows: MOVES,
  },
  {
    file: "two-hours.mp4",
    from: "frozen",
    args: `-vf scale=64:36,loop=loop=-1:size=1:start=0,setpts=N/TB,trim=duration=7200 -r 1 ${x264}`,
    shows: NOTHING,
  },
];

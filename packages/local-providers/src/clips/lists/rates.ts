import { type Clip, MOVES, NOTHING } from "../clip.ts";
import { x264 } from "./codecs.ts";

const rate = (filter: string, more = "") => `-vf ${filter} ${x264} ${more}`;

/** A box that slides over a picture as the scene moves, at a rate that the scene is not drawn at. */
const sliding = (fps: number) => {
  const when = MOVES.map(([start, end]) => `between(t,${start},${end})`).join("+");
  const place = (middle: number, reach: number, speed: number) =>
    `'${middle}+if(${when},${reach}*sin(${speed}*t),0)'`;
  const still = `loop=loop=-1:size=1:start=0,setpts=N/(${fps}*TB),fps=${fps},trim=duration=10`;
  return `${still}[a];color=red:s=60x60:r=${fps}[b];[a][b]overlay=x=${place(130, 120, 7)}:y=${place(60, 50, 5)}:shortest=1`;
};

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
  { file: "240-fps.mov", from: "rests", args: rate("setpts=PTS/2,fps=240"), shows: NOTHING },
  {
    file: "240-fps-moving.mp4",
    from: "frozen",
    args: `-filter_complex ${sliding(240)} ${x264}`,
    shows: MOVES,
  },
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

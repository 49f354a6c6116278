import { type Clip, MOVES } from "../clip.ts";
import { box } from "../mp4-surgery.ts";
import { x264 } from "./codecs.ts";

const behind = (junk: Buffer | string) => (bytes: Buffer) =>
  Buffer.concat([bytes, Buffer.from(junk)]);
const without = (last: number) => (bytes: Buffer) => bytes.subarray(0, bytes.length - last);
const share = (kept: number) => (bytes: Buffer) => bytes.subarray(0, bytes.length * kept);

/** What follows good media, and ends that broke off where nobody misses anything. */
export const ends: Clip[] = [
  { file: "zeros.mp4", from: { clip: "h264.mp4" }, change: behind(Buffer.alloc(4096)) },
  { file: "text.mp4", from: { clip: "h264.mp4" }, change: behind("Sent from my telephone\n") },
  { file: "a-byte.mp4", from: { clip: "h264.mp4" }, change: behind("\0") },
  {
    file: "tiny-box.mov",
    from: { clip: "h264.mov" },
    change: behind(Buffer.from([0, 0, 0, 4, 0x66, 0x72])),
  },
  {
    file: "unknown-box.mp4",
    from: { clip: "h264-faststart.mp4" },
    change: behind(box("junk", Buffer.alloc(100))),
  },
  {
    file: "oversized-box.mp4",
    from: { clip: "h264-faststart.mp4" },
    change: behind(Buffer.from("\x7f\0\0\0free", "latin1")),
  },
  {
    file: "fragmented-zeros.mp4",
    from: { clip: "h264-fragmented.mp4" },
    change: behind(Buffer.alloc(4096)),
  },
  {
    file: "fragmented-text.mp4",
    from: { clip: "h264-fragmented.mp4" },
    change: behind("Sent from my telephone\n"),
  },
  { file: "last-byte-cut.mp4", from: { clip: "h264-faststart.mp4" }, change: without(20) },
  { file: "zeros.webm", from: { clip: "vp9.webm" }, change: behind(Buffer.alloc(8)) },
  { file: "zeros-live.webm", from: { clip: "vp9-live.webm" }, change: behind(Buffer.alloc(8)) },
  {
    file: "text-live.webm",
    from: { clip: "vp9-live.webm" },
    change: behind("Sent from my telephone\n"),
  },
  { file: "block-cut-live.webm", from: { clip: "vp9-live.webm" }, change: without(100) },
  { file: "zeros.mkv", from: { clip: "h264.mkv" }, change: behind(Buffer.alloc(100_000)) },
  { file: "cues-cut.mkv", from: { clip: "h264.mkv" }, change: without(30) },
  { file: "zeros.ts", from: { clip: "h264.ts" }, change: behind(Buffer.alloc(1000)) },
  { file: "packet-cut.ts", from: { clip: "h264.ts" }, change: without(100) },
].map((clip) => ({ shows: MOVES, ...clip }));

const encoded = (file: string, refused: string, args: string[]): Clip => ({
  file,
  from: "moves",
  args: [...args, "-t", "2"],
  shows: { refused },
});
const text = (file: string, content: string): Clip => ({
  file,
  from: "nothing",
  change: () => Buffer.from(content),
  shows: { refused: "not_a_video" },
});

/** Files that cannot be read as videos here, whatever they are called. */
export const refusals: Clip[] = [
  encoded("film.avi", "unsupported", ["-c:v", "mpeg4"]),
  { file: "avi.mp4", from: { clip: "film.avi" }, shows: { refused: "unsupported" } },
  encoded("film.flv", "unsupported", ["-c:v", "flv"]),
  encoded("film.wmv", "unsupported", ["-c:v", "wmv2"]),
  encoded("film.mpg", "unsupported", ["-c:v", "mpeg2video"]),
  encoded("film.ogv", "unsupported", ["-c:v", "libtheora"]),
  encoded("film.264", "unsupported", [...x264, "-f", "h264"]),
  encoded("film.m2v", "unsupported", ["-c:v", "mpeg2video", "-f", "mpeg2video"]),
  encoded("film.y4m", "unsupported", ["-f", "yuv4mpegpipe", "-pix_fmt", "yuv420p"]),
  encoded("mpeg2.ts", "unsupported", ["-c:v", "mpeg2video", "-f", "mpegts"]),
  encoded("moving.gif", "not_a_video", ["-f", "gif"]),
  encoded("picture.png", "not_a_video", ["-frames:v", "1"]),
  { file: "picture.mp4", from: { clip: "picture.png" }, shows: { refused: "not_a_video" } },
  {
    file: "sound.mp4",
    from: "nothing",
    args: ["-f", "lavfi", "-i", "sine=duration=2", "-c:a", "aac"],
    shows: { refused: "audio_only" },
  },
  {
    file: "sound.wav",
    from: "nothing",
    args: ["-f", "lavfi", "-i", "sine=duration=1"],
    shows: { refused: "audio_only" },
  },
  {
    file: "sound.mp3",
    from: "nothing",
    args: ["-f", "lavfi", "-i", "sine=duration=1"],
    shows: { refused: "audio_only" },
  },
  text("playlist.m3u8", "#EXTM3U\n#EXTINF:10,\n/etc/hostname\n#EXT-X-ENDLIST\n"),
  text("words.mp4", "This is my forehand.\n".repeat(40)),
  { file: "empty.mp4", from: "nothing", shows: { refused: "empty" } },
  {
    file: "half.mp4",
    from: { clip: "h264.mp4" },
    change: share(0.5),
    shows: { refused: "truncated" },
  },
  {
    file: "half-faststart.mp4",
    from: { clip: "h264-faststart.mp4" },
    change: share(0.5),
    shows: { refused: "truncated" },
  },
  {
    file: "half.mkv",
    from: { clip: "h264.mkv" },
    change: share(0.5),
    shows: { refused: "truncated" },
  },
];

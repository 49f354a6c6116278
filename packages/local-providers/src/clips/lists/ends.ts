import { type Clip, MOVES } from "../clip.ts";
import { box } from "../mp4-surgery.ts";
import { x264 } from "./codecs.ts";

const behind = (junk: Buffer | string) => (bytes: Buffer) =>
  Buffer.concat([bytes, Buffer.from(junk)]);
const without = (last: number) => (bytes: Buffer) => bytes.subarray(0, bytes.length - last);
const ended = (file: string, clip: string, change: NonNullable<Clip["change"]>): Clip => ({
  file,
  from: { clip },
  change,
  shows: MOVES,
});

/** What follows good media, and ends that broke off where nobody misses anything. */
export const ends: Clip[] = [
  ended("zeros.mp4", "h264.mp4", behind(Buffer.alloc(4096))),
  ended("text.mp4", "h264.mp4", behind("Sent from my telephone\n")),
  ended("a-byte.mp4", "h264.mp4", behind("\0")),
  ended("tiny-box.mov", "h264.mov", behind(Buffer.from([0, 0, 0, 4, 0x66, 0x72]))),
  ended("unknown-box.mp4", "h264-faststart.mp4", behind(box("junk", Buffer.alloc(100)))),
  ended("oversized-box.mp4", "h264-faststart.mp4", behind(Buffer.from("\x7f\0\0\0free", "latin1"))),
  ended("fragmented-zeros.mp4", "h264-fragmented.mp4", behind(Buffer.alloc(4096))),
  ended("fragmented-text.mp4", "h264-fragmented.mp4", behind("Sent from my telephone\n")),
  ended("last-byte-cut.mp4", "h264-faststart.mp4", without(20)),
  ended("zeros.webm", "vp9.webm", behind(Buffer.alloc(8))),
  ended("zeros-live.webm", "vp9-live.webm", behind(Buffer.alloc(8))),
  ended("text-live.webm", "vp9-live.webm", behind("Sent from my telephone\n")),
  ended("block-cut-live.webm", "vp9-live.webm", without(100)),
  ended("zeros.mkv", "h264.mkv", behind(Buffer.alloc(100_000))),
  ended("cues-cut.mkv", "h264.mkv", without(30)),
  ended("zeros.ts", "h264.ts", behind(Buffer.alloc(1000))),
  ended("packet-cut.ts", "h264.ts", without(100)),
];

const encoded = (file: string, refused: string, args: string): Clip => ({
  file,
  from: "moves",
  args: `${args} -t 2`,
  shows: { refused },
});
const text = (file: string, content: string): Clip => ({
  file,
  from: "nothing",
  change: () => Buffer.from(content),
  shows: { refused: "not_a_video" },
});

const half = (file: string, clip: string): Clip => ({
  file,
  from: { clip },
  change: (bytes) => bytes.subarray(0, bytes.length / 2),
  shows: { refused: "truncated" },
});
const sound = (file: string, args: string): Clip => ({
  file,
  from: "nothing",
  args: `-f lavfi -i ${args}`,
  shows: { refused: "audio_only" },
});

/** Files that cannot be read as videos here, whatever they are called. */
export const refusals: Clip[] = [
  encoded("film.avi", "unsupported", "-c:v mpeg4"),
  { file: "avi.mp4", from: { clip: "film.avi" }, shows: { refused: "unsupported" } },
  encoded("film.flv", "unsupported", "-c:v flv"),
  encoded("film.wmv", "unsupported", "-c:v wmv2"),
  encoded("film.mpg", "unsupported", "-c:v mpeg2video"),
  encoded("film.ogv", "unsupported", "-c:v libtheora"),
  encoded("film.264", "unsupported", `${x264} -f h264`),
  encoded("film.m2v", "unsupported", "-c:v mpeg2video -f mpeg2video"),
  encoded("film.y4m", "unsupported", "-f yuv4mpegpipe -pix_fmt yuv420p"),
  encoded("mpeg2.ts", "unsupported", "-c:v mpeg2video -f mpegts"),
  encoded("moving.gif", "not_a_video", "-f gif"),
  encoded("picture.png", "not_a_video", "-frames:v 1"),
  { file: "picture.mp4", from: { clip: "picture.png" }, shows: { refused: "not_a_video" } },
  sound("sound.mp4", "sine=duration=2 -c:a aac"),
  sound("sound.wav", "sine=duration=1"),
  sound("dictation.mp4", "sine=duration=1 -c:a adpcm_ms -f wav"),
  sound("sound.mp3", "sine=duration=1"),
  text("playlist.m3u8", "#EXTM3U\n#EXTINF:10,\n/etc/hostname\n#EXT-X-ENDLIST\n"),
  text("words.mp4", "This is my forehand.\n".repeat(40)),
  { file: "empty.mp4", from: "nothing", shows: { refused: "empty" } },
  half("half.mp4", "h264.mp4"),
  half("half-faststart.mp4", "h264-faststart.mp4"),
  half("half.mkv", "h264.mkv"),
];

import { type Clip, MOVES } from "../clip.ts";

const FIRST_MOVE = MOVES.slice(0, 1);

export const x264 = "-c:v libx264 -preset veryfast -crf 28 -pix_fmt yuv420p";
const x265 = "-c:v libx265 -preset ultrafast -crf 28 -x265-params log-level=error";
export const live = "-deadline realtime -cpu-used 8";
const vp8 = `-c:v libvpx -b:v 1M -qmin 40 -qmax 63 ${live}`;
const vp9 = "-c:v libvpx-vp9 -crf 40 -b:v 0 -cpu-used 8";
export const av1 = "-c:v libaom-av1 -strict -2 -cpu-used 8 -crf 40 -b:v 0";
const mpeg4 = "-c:v mpeg4 -q:v 8";
const hdr = "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc";
const tone = (seconds: number) => `-f lavfi -i sine=frequency=220:duration=${seconds}`;

/** "Hello" from 1 to 3 s, "Late" from 9 to 15. */
const subtitles =
  "data:text/plain;base64,MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAzLDAwMApIZWxsbwoKMgowMDowMDowOSwwMDAgLS0+IDAwOjAwOjE1LDAwMApMYXRlCg==";

/** Containers and codecs: the same scene in each. */
export const codecs: Clip[] = [
  { file: "h264.mp4", args: x264 },
  { file: "h264-grouped.mp4", args: `${x264} -g 15` },
  { file: "h264-faststart.mp4", args: `${x264} -movflags +faststart` },
  { file: "h264.mov", args: x264 },
  { file: "h264.mkv", args: x264 },
  { file: "h264.ts", args: x264 },
  { file: "camcorder.MTS", args: `${x264} -mpegts_m2ts_mode 1 -f mpegts` },
  { file: "phone.3gpp", args: `${x264} -f 3gp` },
  { file: "no-extension", args: `${x264} -f mp4` },
  {
    file: "h264-fragmented.mp4",
    args: `${x264} -g 30 -movflags frag_keyframe+empty_moov`,
  },
  { file: "h264-hybrid.mp4", args: `${x264} -g 30 -movflags frag_keyframe` },
  { file: "h264-dash.mp4", args: `${x264} -g 30 -movflags dash+delay_moov` },
  {
    file: "h264-negative-offsets.mp4",
    args: `${x264} -bf 3 -movflags negative_cts_offsets`,
  },
  { file: "hevc.mov", args: `${x265} -tag:v hvc1` },
  { file: "hevc-hdr.mp4", args: `${x265} -pix_fmt yuv420p10le ${hdr} -tag:v hvc1` },
  { file: "hevc.mkv", args: x265 },
  { file: "vp8.webm", args: vp8 },
  { file: "vp9.webm", args: vp9 },
  {
    file: "vp9-10-bit.webm",
    args: `${vp9} -profile:v 2 -pix_fmt yuv420p10le`,
    isSlow: true,
  },
  { file: "vp9-live.webm", from: { clip: "vp9.webm" }, args: "-c copy -live 1" },
  { file: "vp9.mp4", from: { clip: "vp9.webm" }, args: "-c copy" },
  { file: "av1.mp4", args: `${av1} -t 10`, isSlow: true },
  { file: "mpeg4.mp4", args: mpeg4 },
  { file: "mpeg4.mkv", args: `${mpeg4} -bf 2` },
  { file: "mjpeg.mov", args: "-c:v mjpeg -q:v 8 -t 6", shows: FIRST_MOVE },
  { file: "prores.mov", args: "-c:v prores -profile:v 0 -t 6", shows: FIRST_MOVE },
  { file: "all-intra.mp4", args: `${x264} -g 1 -t 6`, shows: FIRST_MOVE },
].map((clip) => ({ from: "moves", shows: MOVES, ...clip }) as Clip);

/** What stands beside the picture. */
export const tracks: Clip[] = [
  { file: "sound-longer.mp4", args: `${tone(12)} -c:v copy -c:a aac` },
  { file: "sound-shorter.mov", args: `${tone(4)} -c:v copy -c:a aac` },
  {
    file: "sound-first.mkv",
    args: `${tone(10)} -c:v copy -c:a aac -map 1 -map 0`,
  },
  {
    file: "two-sounds.mp4",
    args: `${tone(10)} ${tone(10)} -c:v copy -c:a aac -map 0 -map 1 -map 2`,
  },
  {
    file: "two-pictures.mp4",
    args: "-f lavfi -i testsrc=size=64x36:rate=15:duration=10 -map 0 -map 1 -c:v:0 copy -c:v:1 libx264",
  },
  {
    file: "cover.mp4",
    args: "-f lavfi -i testsrc=size=64x64:rate=1:duration=1 -map 0 -map 1 -c:v:0 copy -c:v:1 mjpeg -disposition:v:1 attached_pic",
  },
  {
    file: "cover-track.mov",
    args: "-f lavfi -i testsrc=size=640x640:rate=1:duration=1 -map 1 -map 0 -c:v:1 copy -c:v:0 mjpeg",
  },
  {
    file: "subtitles-longer.mp4",
    playerSeconds: 15,
    args: `-f srt -i ${subtitles} -map 0 -map 1 -c:v copy -c:s mov_text`,
  },
  { file: "timecode.mov", args: "-c copy -timecode 01:00:00:00" },
  { file: "rotated-90.mp4", args: "-c copy -metadata:s:v rotate=90" },
  { file: "rotated-180.mov", args: "-c copy -metadata:s:v rotate=180" },
  { file: "rotated-270.mp4", args: "-c copy -metadata:s:v rotate=270" },
  { file: "anamorphic.mp4", args: "-c copy -aspect 4:3" },
].map((clip) => ({ from: { clip: "h264.mp4" }, shows: MOVES, ...clip }));

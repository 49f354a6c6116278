/** `avc1.` with profile, constraints and level of the sequence parameters that open a stream. */
export function avcCodecString(stream: Uint8Array): string {
  for (let at = 0; at + 6 < stream.length; at++) {
    const isStart = stream[at] === 0 && stream[at + 1] === 0 && stream[at + 2] === 1;
    if (!isStart || ((stream[at + 3] ?? 0) & 0x1f) !== 7) continue;
    const three = [...stream.subarray(at + 4, at + 7)];
    return `avc1.${three.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }
  throw new Error("The encoder began without its parameters.");
}

/** Pixels a second and a picture that each level of VP9 bears. */
const vp9Levels = [
  [10, 829_440, 36_864],
  [20, 4_608_000, 122_880],
  [30, 20_736_000, 552_960],
  [31, 36_864_000, 983_040],
  [40, 83_558_400, 2_228_224],
  [41, 160_432_128, 2_228_224],
  [50, 311_951_360, 8_912_896],
] as const;

/** `vp09.` with profile 0, the level that the size needs, and eight bits. */
export function vp9CodecString(
  _stream: Uint8Array,
  { width, height, fps }: { width: number; height: number; fps: number },
): string {
  const pixels = width * height;
  const fits = vp9Levels.find(([, rate, size]) => pixels <= size && pixels * fps <= rate);
  return `vp09.00.${fits?.[0] ?? 51}.08`;
}

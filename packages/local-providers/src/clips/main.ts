// `npm run clips -- FOLDER`: makes every clip there and prints what ffprobe and we say of each.

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CLIPS } from "./clip-list.ts";
import { judge } from "./judge.ts";
import { makeClips } from "./make-clips.ts";
import { findTools } from "./tools.ts";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("Say where the clips are to be made: npm run clips -- FOLDER");
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const tools = await findTools();
await makeClips(CLIPS, resolve(folder), tools);
const row = (...cells: string[]) =>
  console.log(cells.map((cell, index) => cell.padEnd([28, 9, 9, 34][index] ?? 0)).join(" "));
row("file", "ffprobe", "ours", "moves", "verdict");
let wrong = 0;
for (const clip of CLIPS) {
  const { probed, found, faults } = await judge(clip, join(folder, clip.file), tools);
  const seconds = (value: number | null) => (value === null ? "–" : value.toFixed(2));
  row(
    clip.file,
    seconds(probed),
    seconds("refused" in found ? null : found.duration),
    "refused" in found
      ? found.refused
      : found.bursts.map((burst) => burst.map((time) => time.toFixed(1)).join("–")).join(", "),
    faults.length === 0 ? "right" : `WRONG: ${faults.join("; ")}`,
  );
  wrong += faults.length === 0 ? 0 : 1;
}
console.log(`${CLIPS.length} clips, ${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);

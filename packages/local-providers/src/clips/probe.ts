import { z } from "zod";
import { run, type Tools } from "./tools.ts";

const format = z.object({ format: z.object({ duration: z.coerce.number().optional() }) });
const packets = z.object({
  packets: z.array(
    z.object({
      pts_time: z.coerce.number().optional(),
      duration_time: z.coerce.number().optional(),
    }),
  ),
});

/** How long ffprobe says that a file is: its container's word, or else its last packet's. Seconds. */
export async function probeDuration(path: string, { ffprobe }: Tools): Promise<number> {
  const ask = ["-v", "quiet", "-of", "json"];
  const told = format.parse(
    JSON.parse(await run(ffprobe, [...ask, "-show_entries", "format=duration", path])),
  );
  if (told.format.duration !== undefined) return told.format.duration;
  const entries = ["-show_entries", "packet=pts_time,duration_time"];
  const listed = packets.parse(JSON.parse(await run(ffprobe, [...ask, ...entries, path])));
  let [first, end] = [Number.POSITIVE_INFINITY, 0];
  for (const { pts_time: time, duration_time: duration = 0 } of listed.packets) {
    if (time === undefined) continue;
    first = Math.min(first, time);
    end = Math.max(end, time + duration);
  }
  return end - first;
}

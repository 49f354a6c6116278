import { readWav, requireAudible } from "../../../../../supabase/functions/_shared/audio/wav.ts";
import { createServiceClient } from "../../support/create-user.ts";
import type { World } from "../world/world.ts";
import { type Finding, nothingBreaks } from "./finding.ts";

interface Segment {
  audio_url: string;
  duration_ms: number;
}

const atOnce = 8;

/** Listens to every audio file there is, through the Storage API. */
export async function judgeAudio({ stack, sql }: World): Promise<Finding> {
  const segments = await sql<Segment>`
    select audio_url, duration_ms from public.analysis_audio_segments order by id`;
  const bucket = createServiceClient(stack).storage.from("processed");
  const broken: { file: string; why: string }[] = [];

  async function listen({ audio_url: file, duration_ms }: Segment): Promise<void> {
    const { data, error } = await bucket.download(file);
    if (error) throw error;
    const facts = readWav(new Uint8Array(await data.arrayBuffer()));
    requireAudible(facts);
    if (facts.durationMs !== duration_ms) throw new Error(`lasts ${facts.durationMs} ms`);
  }

  const waiting = [...segments];
  const listenOn = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const file = next.audio_url;
      await listen(next).catch((error: unknown) => broken.push({ file, why: String(error) }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, listenOn));
  return nothingBreaks("every audio file is in the storage and can be heard", broken);
}

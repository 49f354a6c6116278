import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { AudioSegment, RecordingState } from "@sideline/client";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { projectRoot } from "../project-root.ts";
import type { AudioFile, FeedbackResult } from "./demo-result.ts";

/**
 * Downloads the audio of every feedback as its owner, one file a segment, into
 * `<outDirectory>/<recording>/`. What an earlier recording with this id left there is removed.
 */
export async function collectFeedback(
  client: SupabaseClient<Database>,
  state: RecordingState,
  outDirectory: string,
): Promise<FeedbackResult[]> {
  const folder = join(outDirectory, String(state.recordingId));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const download = async (feedbackId: number, segment: AudioSegment): Promise<AudioFile> => {
    const { data, error } = await client.storage.from("processed").download(segment.path);
    if (error) throw error;
    const file = join(folder, `feedback-${feedbackId}-${segment.index}.${segment.format}`);
    await writeFile(file, new Uint8Array(await data.arrayBuffer()), { mode: 0o600 });
    return { file: shortPath(file), format: segment.format, durationMs: segment.durationMs };
  };

  return Promise.all(
    state.feedback.map(async (item) => ({
      id: item.id,
      startSeconds: item.startSeconds,
      endSeconds: item.endSeconds,
      category: item.category,
      message: item.message,
      ruleId: item.ruleId,
      ssmlStatus: item.ssml.status,
      audioStatus: item.audio.status,
      audio: await Promise.all(item.audioSegments.map((segment) => download(item.id, segment))),
    })),
  );
}

/** Relative to the project, or absolute where it lies outside. */
export function shortPath(file: string): string {
  const path = relative(projectRoot, file);
  return path.startsWith("..") ? file : path;
}

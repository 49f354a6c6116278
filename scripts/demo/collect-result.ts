import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { projectRoot } from "../project-root.ts";
import type { AudioFile, FeedbackResult } from "./demo-result.ts";
import type { RecordingState } from "./recording-state.ts";

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
  const { data: segments } = await client
    .from("analysis_audio_segments")
    .select("feedback_id, segment_index, audio_url, format, duration_ms")
    .in(
      "feedback_id",
      state.feedback.map(({ id }) => id),
    )
    .order("segment_index")
    .throwOnError();

  const download = async (segment: (typeof segments)[number]): Promise<AudioFile> => {
    const { data, error } = await client.storage.from("processed").download(segment.audio_url);
    if (error) throw error;
    const name = `feedback-${segment.feedback_id}-${segment.segment_index}.${segment.format}`;
    const file = join(folder, name);
    await writeFile(file, new Uint8Array(await data.arrayBuffer()), { mode: 0o600 });
    return { file: shortPath(file), format: segment.format, durationMs: segment.duration_ms };
  };

  return Promise.all(
    state.feedback.map(async (item) => ({
      id: item.id,
      startSeconds: item.startSeconds,
      endSeconds: item.endSeconds,
      category: item.category,
      message: item.message,
      ssmlStatus: item.ssmlStatus,
      audioStatus: item.audioStatus,
      audio: await Promise.all(
        segments.filter(({ feedback_id }) => feedback_id === item.id).map(download),
      ),
    })),
  );
}

function shortPath(file: string): string {
  const path = relative(projectRoot, file);
  return path.startsWith("..") ? file : path;
}

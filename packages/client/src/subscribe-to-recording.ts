import type { Database } from "@sideline/database";
import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { openSubscription } from "./open-subscription.ts";
import type { RecordingHint } from "./recording-source.ts";
import type { Recording } from "./recording-state.ts";

/**
 * Tells of changes to a recording and what came of it. Segments and metrics change in the same
 * transactions as the statuses, so their tables need no subscription.
 */
export function subscribeToRecording(
  client: SupabaseClient<Database>,
  recording: Recording,
  hear: (hint: RecordingHint) => void,
): () => Promise<void> {
  return openSubscription(client, `sideline-recording-${recording.id}`, hear, (channel) =>
    bind(channel, recording, hear),
  );
}

function bind(
  channel: RealtimeChannel,
  { id, userId }: Recording,
  hear: (hint: RecordingHint) => void,
): void {
  const schema = "public";
  const tell = ({ commit_timestamp }: { commit_timestamp: string }) =>
    hear({ kind: "changed", feedback: null, committedAt: Date.parse(commit_timestamp) });
  channel
    .on(
      "postgres_changes",
      { event: "*", schema, table: "video_recordings", filter: `id=eq.${id}` },
      tell,
    )
    .on(
      "postgres_changes",
      { event: "*", schema, table: "analysis_jobs", filter: `video_recording_id=eq.${id}` },
      tell,
    )
    .on(
      "postgres_changes",
      { event: "INSERT", schema, table: "deleted_recordings", filter: `id=eq.${id}` },
      tell,
    )
    // The job may not be there yet, so its id cannot be the filter. Without any, every change of
    // anybody's feedback would be checked against this subscriber's policies.
    .on<{ id: number; analysis_job_id: number }>(
      "postgres_changes",
      { event: "*", schema, table: "analysis_feedback", filter: `user_id=eq.${userId}` },
      (change) => {
        // Deletes are not published. What deletes remarks changes their job, too.
        if (change.eventType === "DELETE") return;
        const feedback = { id: change.new.id, jobId: change.new.analysis_job_id };
        hear({ kind: "changed", feedback, committedAt: Date.parse(change.commit_timestamp) });
      },
    );
}

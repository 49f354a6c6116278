import type { Database } from "@sideline/database";
import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { onWake } from "./on-wake.ts";
import type { Hint } from "./recording-source.ts";
import type { Recording } from "./recording-state.ts";

/** Channels of one client must not share a name, or they would be one. */
let channelCount = 0;

/** Before a channel that the server has closed is replaced by a new one. */
const reopenMs = 2_000;

/**
 * Tells of changes to a recording and what came of it. Segments and metrics change in the same
 * transactions as the statuses, so their tables need no subscription. A closed socket is opened
 * again by supabase-js; a channel that the server closed (an expired token) is not, so it is here.
 */
export function subscribeToRecording(
  client: SupabaseClient<Database>,
  recording: Recording,
  hear: (hint: Hint) => void,
): () => Promise<void> {
  let isOver = false;
  let channel: RealtimeChannel | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function open(): Promise<void> {
    // Without it the first channel joins as anonymous.
    await client.realtime.setAuth();
    if (isOver) return;
    channelCount += 1;
    const opened = client.channel(`sideline-recording-${recording.id}-${channelCount}`);
    channel = opened;
    listen(opened, recording, hear).subscribe((status, error) => {
      if (isOver || channel !== opened || status === "SUBSCRIBED") return;
      hear({ kind: "lost", reason: error?.message ?? status });
      if (status === "CLOSED") reopen();
    });
  }

  function reopen(): void {
    const closed = channel;
    channel = null;
    if (closed) void client.removeChannel(closed);
    clearTimeout(timer);
    timer = setTimeout(begin, reopenMs);
  }

  function begin(): void {
    open().catch((error: unknown) => {
      if (isOver) return;
      hear({ kind: "lost", reason: error instanceof Error ? error.message : String(error) });
      timer = setTimeout(begin, reopenMs);
    });
  }

  const stopListening = onWake(() => hear({ kind: "woke" }));
  begin();
  return async () => {
    isOver = true;
    clearTimeout(timer);
    stopListening();
    if (channel) await client.removeChannel(channel);
  };
}

function listen(
  channel: RealtimeChannel,
  { id, userId }: Recording,
  hear: (hint: Hint) => void,
): RealtimeChannel {
  const schema = "public";
  const tell = ({ commit_timestamp }: { commit_timestamp: string }) =>
    hear({ kind: "changed", feedback: null, committedAt: Date.parse(commit_timestamp) });
  return (
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
      // The job may not be there yet, so its id cannot be the filter. Without any, every change of
      // anybody's feedback would be checked against this subscriber's policies.
      .on<{ id: number; analysis_job_id: number }>(
        "postgres_changes",
        { event: "*", schema, table: "analysis_feedback", filter: `user_id=eq.${userId}` },
        (change) => {
          // What deletes remarks changes their job, too.
          if (change.eventType === "DELETE") return;
          const feedback = { id: change.new.id, jobId: change.new.analysis_job_id };
          hear({ kind: "changed", feedback, committedAt: Date.parse(change.commit_timestamp) });
        },
      )
      .on("system", {}, ({ extension, status, message }) => {
        if (extension !== "postgres_changes") return;
        hear(status === "ok" ? { kind: "live" } : { kind: "lost", reason: String(message) });
      })
  );
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { pollRecording } from "./poll-recording.ts";
import {
  feedbackStateOf,
  isSettled,
  isWaiting,
  jobStateOf,
  type RecordingState,
  readRecordingState,
} from "./recording-state.ts";

/** One transaction is one step, but its changes come one after the other. */
const gatherMs = 15;

/** What the subscription said. A row's change is a step from one state to the next. */
type News =
  | { kind: "subscribed" }
  | { kind: "refused"; reason: string }
  | { kind: "row"; committedAt: number; apply(state: RecordingState): RecordingState };

/**
 * The recording's state, whenever it changes, until it is settled: read once, then subscribed to.
 * What happened in between is read again once the subscription is in force, and so is what happened
 * while it was interrupted. Where there can be no subscription, it asks again and again instead.
 * @param onFallback told why
 * @throws Error when nothing has changed for `patienceMs` and nothing is known to wait
 */
export async function* watchRecording(
  client: SupabaseClient<Database>,
  recordingId: number,
  onFallback: (reason: string) => void = () => {},
  patienceMs = 120_000,
): AsyncGenerator<RecordingState> {
  let state = await readRecordingState(client, recordingId);
  yield state;
  if (isSettled(state)) return;
  const { channel, news } = await subscribe(client, recordingId);
  try {
    while (true) {
      const item = await news.next(isWaiting(state) ? null : patienceMs);
      if (item.kind === "refused") {
        onFallback(item.reason);
        return yield* pollRecording(client, recordingId, { patienceMs });
      }
      if (item.kind === "subscribed") {
        // What was told until now is part of what is read.
        news.dropRows();
        state = await readRecordingState(client, recordingId);
      } else {
        state = { ...item.apply(state), committedAt: item.committedAt };
        await sleep(gatherMs);
        for (const row of news.takeRowsOf(item.committedAt)) {
          state = { ...row.apply(state), committedAt: item.committedAt };
        }
      }
      if (isSettled(state)) {
        // Of the last transaction only a part may have been told: a job, but not yet its feedback.
        const { committedAt } = state;
        const whole = await readRecordingState(client, recordingId);
        if (!isSettled(whole)) continue;
        yield committedAt === undefined ? whole : { ...whole, committedAt };
        return;
      }
      yield state;
    }
  } finally {
    await client.removeChannel(channel);
    await client.realtime.disconnect();
  }
}

async function subscribe(client: SupabaseClient<Database>, recordingId: number) {
  type Tables = Database["public"]["Tables"];
  const news = newsQueue();
  await client.realtime.setAuth();
  const row = (commit: string, apply: (state: RecordingState) => RecordingState) =>
    news.put({ kind: "row", committedAt: Date.parse(commit), apply });
  const schema = "public";
  const channel = client
    .channel(`recording-${recordingId}`)
    .on<Tables["video_recordings"]["Row"]>(
      "postgres_changes",
      { event: "UPDATE", schema, table: "video_recordings", filter: `id=eq.${recordingId}` },
      ({ new: recording, commit_timestamp }) =>
        row(commit_timestamp, (state) => ({
          ...state,
          uploadStatus: recording.upload_status,
          durationSeconds: recording.duration_seconds,
        })),
    )
    .on<Tables["analysis_jobs"]["Row"]>(
      "postgres_changes",
      {
        event: "*",
        schema,
        table: "analysis_jobs",
        filter: `video_recording_id=eq.${recordingId}`,
      },
      (change) => {
        if (change.eventType === "DELETE") return;
        const job = jobStateOf(change.new);
        row(change.commit_timestamp, (state) => ({ ...state, job }));
      },
    )
    .on<Tables["analysis_feedback"]["Row"]>(
      "postgres_changes",
      // The job may not be there yet, so its id cannot be the filter; policies keep strangers out.
      { event: "*", schema, table: "analysis_feedback" },
      (change) => {
        if (change.eventType === "DELETE") return;
        const changed = change.new;
        row(change.commit_timestamp, (state) =>
          changed.analysis_job_id === state.job?.id ? withFeedback(state, changed) : state,
        );
      },
    )
    .on("system", {}, ({ extension, status, message }) => {
      if (extension !== "postgres_changes") return;
      news.put(status === "ok" ? { kind: "subscribed" } : { kind: "refused", reason: message });
    })
    .subscribe((status, error) => {
      // Later errors are lost connections, which the client mends by itself.
      if (status === "TIMED_OUT" || status === "CHANNEL_ERROR") {
        news.refuseUnlessSubscribed(error?.message ?? status);
      }
    });
  return { channel, news };
}

function withFeedback(
  state: RecordingState,
  row: Parameters<typeof feedbackStateOf>[0],
): RecordingState {
  const item = feedbackStateOf(row);
  const feedback = [...state.feedback.filter(({ id }) => id !== item.id), item].toSorted(
    (a, b) => a.startSeconds - b.startSeconds || a.id - b.id,
  );
  return { ...state, feedback };
}

function newsQueue() {
  const waiting: News[] = [];
  let isSubscribed = false;
  let wake = Promise.withResolvers<void>();
  function put(item: News): void {
    if (item.kind === "subscribed") isSubscribed = true;
    waiting.push(item);
    wake.resolve();
    wake = Promise.withResolvers();
  }
  return {
    put,
    dropRows() {
      waiting.splice(0, waiting.length, ...waiting.filter((item) => item.kind !== "row"));
    },
    refuseUnlessSubscribed(reason: string): void {
      if (!isSubscribed) put({ kind: "refused", reason });
    },
    /** Changes that stand next in line and were committed at the same time. */
    takeRowsOf(committedAt: number) {
      const others = waiting.findIndex(
        (item) => item.kind !== "row" || item.committedAt !== committedAt,
      );
      return waiting
        .splice(0, others < 0 ? waiting.length : others)
        .filter((item) => item.kind === "row");
    },
    async next(patienceMs: number | null): Promise<News> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        if (patienceMs === null) return;
        const message = `Nothing has changed for ${Math.round(patienceMs / 1000)} s.`;
        timer = setTimeout(() => reject(new Error(message)), patienceMs);
      });
      try {
        while (true) {
          const item = waiting.shift();
          if (item !== undefined) return item;
          await Promise.race([wake.promise, late]);
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

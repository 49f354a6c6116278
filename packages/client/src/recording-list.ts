/** The signed-in user's recordings, as a list needs them: one line each, newest first. */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { StoreApi } from "zustand/vanilla";
import { stageStatus, uploadStatus } from "./from-rows.ts";
import { keep } from "./merge-reads.ts";
import { openSubscription } from "./open-subscription.ts";
import type { StageStatus, UploadStatus } from "./recording-state.ts";
import { signedInUser } from "./signed-in-user.ts";
import { type Hint, startWatch, type WatchedState, type Watcher } from "./watch.ts";

type Client = SupabaseClient<Database>;

export interface RecordingLine {
  id: number;
  filename: string;
  /** What the clip shows; null until it is analysed. */
  title: string | null;
  createdAt: string;
  durationSeconds: number | null;
  uploadStatus: UploadStatus;
  /** Of the analysis; null before the upload is complete. */
  status: StageStatus | null;
  /** Why the upload or the analysis failed, or waits. */
  errorCode: string | null;
  remarks: { all: number; audible: number; deleted: number; failed: number };
}

export interface RecordingListState extends WatchedState {
  phase: "loading" | "ready";
  recordings: RecordingLine[];
  /** Whether there are more than are shown. */
  hasMore: boolean;
  /** How many are shown at most; raise it with `setState` and refresh. */
  limit: number;
}

/** Each has its owner; that a recording is gone is a row, too. */
const watchedTables = [
  "video_recordings",
  "analysis_jobs",
  "analysis_feedback",
  "deleted_recordings",
];

/** Many rows change in a run, and each read is the whole list. */
const gatherMs = 250;

export function initialList(): RecordingListState {
  return {
    phase: "loading",
    connection: "connecting",
    readError: null,
    committedAt: null,
    recordings: [],
    hasMore: false,
    limit: 50,
  };
}

export function watchRecordingList(client: Client, store: StoreApi<RecordingListState>): Watcher {
  let ownerId: string | null = null;
  let subscription: { ownerId: string; hear(hint: Hint): void; end(): Promise<void> } | null = null;
  const subscribe = (owner: string, hear: (hint: Hint) => void) => {
    subscription = { ownerId: owner, hear, end: subscribeToList(client, owner, hear) };
  };
  return startWatch<RecordingListState>(
    {
      gatherMs,
      async read(_parts, signal) {
        ownerId = await signedInUser(client);
        if (subscription && subscription.ownerId !== ownerId) {
          // Somebody else has signed in; what is told from now on is theirs.
          void subscription.end();
          subscribe(ownerId, subscription.hear);
        }
        const { limit } = store.getState();
        const lines = await readLines(client, limit + 1, signal);
        return (state) => {
          const known = new Map(state.recordings.map((line) => [line.id, line]));
          const recordings = lines.slice(0, limit).map((line) => keep(known.get(line.id), line));
          const hasMore = lines.length > limit;
          return { ...state, phase: "ready", readError: null, recordings, hasMore };
        };
      },
      subscribe(hear) {
        if (ownerId === null) return null;
        subscribe(ownerId, hear);
        return async () => subscription?.end();
      },
      outlook: ({ phase, recordings }) =>
        phase === "loading" || recordings.some(isMoving) ? "moving" : "settled",
    },
    store,
  );
}

function subscribeToList(
  client: Client,
  ownerId: string,
  hear: (hint: Hint) => void,
): () => Promise<void> {
  const filter = `user_id=eq.${ownerId}`;
  return openSubscription(client, "sideline-recordings", hear, (channel) => {
    for (const table of watchedTables) {
      channel.on(
        "postgres_changes",
        { event: "*", schema: "public", table, filter },
        ({ commit_timestamp }) =>
          hear({ kind: "changed", part: null, committedAt: Date.parse(commit_timestamp) }),
      );
    }
  });
}

function isMoving({ uploadStatus: upload, status, remarks }: RecordingLine): boolean {
  if (upload === "failed" || status === "failed") return false;
  return status !== "completed" || remarks.audible + remarks.deleted + remarks.failed < remarks.all;
}

/** Its words are there; its owner wanted no sound. */
function isDeleted({ audio_error_code: code }: { audio_error_code: string | null }): boolean {
  return code === "audio_deleted";
}

async function readLines(
  client: Client,
  count: number,
  signal: AbortSignal,
): Promise<RecordingLine[]> {
  const { data } = await client
    .from("video_recordings")
    .select(
      "id, filename, created_at, duration_seconds, upload_status, error_code, analysis_jobs(title, status, error_code, analysis_feedback(ssml_status, audio_status, audio_error_code))",
    )
    .order("created_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(count)
    .abortSignal(signal)
    // The watch does, and knows when the line is back.
    .retry(false)
    .throwOnError();
  return data.map(({ analysis_jobs: job, ...row }) => {
    const remarks = job?.analysis_feedback ?? [];
    const count = (has: (remark: (typeof remarks)[number]) => boolean) =>
      remarks.filter(has).length;
    return {
      id: row.id,
      filename: row.filename,
      title: job?.title ?? null,
      createdAt: row.created_at,
      durationSeconds: row.duration_seconds,
      uploadStatus: uploadStatus(row.upload_status),
      status: job && stageStatus(job.status, job.error_code),
      errorCode: row.error_code ?? job?.error_code ?? null,
      remarks: {
        all: remarks.length,
        audible: count((remark) => remark.audio_status === "completed" && !isDeleted(remark)),
        deleted: count(isDeleted),
        failed: count(
          ({ ssml_status, audio_status }) => ssml_status === "failed" || audio_status === "failed",
        ),
      },
    };
  });
}

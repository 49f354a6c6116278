import type { SessionStore } from "@sideline/contracts";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { UrlStorage } from "tus-js-client";
import { createStore, type StoreApi } from "zustand/vanilla";
import {
  deleteAccount,
  deleteAudio,
  deleteRecording,
  editFeedback,
  retryAnalysis,
  retryDraft,
  retryFeedback,
  startAnalysis,
} from "./calls.ts";
import { type Health, healthCheck } from "./health-check.ts";
import { type OnProblem, observeProblems } from "./problem-events.ts";
import { projectAddress } from "./project-address.ts";
import { readFeedback, readRecording } from "./read-recording.ts";
import { initialList, type RecordingListState, watchRecordingList } from "./recording-list.ts";
import type { RecordingSource } from "./recording-source.ts";
import { initialState, type RecordingState } from "./recording-state.ts";
import { createRenderCalls, type RenderCalls } from "./renders/renders.ts";
import { initialSession, type SessionState } from "./sessions/session-state.ts";
import { SupabaseSessionStore } from "./sessions/supabase-session-store.ts";
import { watchSession } from "./sessions/watch-session.ts";
import { type SharedStore, shareStore } from "./shared-store.ts";
import { createSignedUrls, type SignedUrls } from "./signed-urls.ts";
import { subscribeToRecording } from "./subscribe-to-recording.ts";
import type { AnalysisWishes } from "./upload/analysis-wishes.ts";
import { startUpload, type UploadHandle } from "./upload/upload.ts";
import type { UploadOptions } from "./upload/upload-state.ts";
import { chooseVoice, chosenVoice, listVoices, type Voice } from "./voices.ts";
import { startWatcher } from "./watch-recording.ts";

export interface SidelineOptions {
  /** Called once for each item and upload that fails: for analytics. */
  onProblem?: OnProblem;
  /** Where unfinished uploads are remembered; by default localStorage, where there is one. */
  urlStorage?: UrlStorage;
  /** Life of an address of a file; an hour unless said otherwise. */
  signedUrlSeconds?: number;
}

/** A recording that is being watched. */
export interface WatchedRecording {
  store: StoreApi<RecordingState>;
  refresh(): void;
  /** Resolves once nothing of the watch is left, unless somebody else watches the same one. */
  stop(): Promise<void>;
}

export interface Sideline extends RenderCalls {
  supabase: SupabaseClient<Database>;
  /** Begins at once. A `File` has a name; for another `Blob` give one. */
  upload(file: Blob, options?: UploadOptions): UploadHandle;
  watchRecording(recordingId: number): WatchedRecording;
  /** The signed-in user's recordings, newest first; kept up to date while somebody holds them. */
  recordings: SharedStore<RecordingListState>;
  /** `watchRecording` for frameworks: kept up to date only while somebody holds it. */
  recording(recordingId: number): SharedStore<RecordingState>;
  startAnalysis(
    recordingId: number,
    wishes?: AnalysisWishes,
  ): Promise<{ jobId: number; status: string }>;
  retryAnalysis(jobId: number): Promise<void>;
  /** A draft of a session's brief. */
  retryDraft(draftId: number): Promise<void>;
  retryFeedback(feedbackId: number, stage: "ssml" | "audio"): Promise<void>;
  editFeedback(feedbackId: number, words: { message: string; drill: string | null }): Promise<void>;
  /** With all that came of it; the files are erased within moments. */
  deleteRecording(recordingId: number): Promise<void>;
  /** The sound of a remark; the remark stays, silent. */
  deleteAudio(feedbackId: number): Promise<void>;
  /** The account of whoever is signed in, with everything; cannot be undone. */
  deleteAccount(): Promise<void>;
  /** Addresses of audio segments and of rendered videos, by their `path`. */
  audioUrls: SignedUrls;
  /** Addresses of videos, by their recording's `storagePath`. */
  videoUrls: SignedUrls;
  /** Where a person and a model work out what to look for. */
  sessions: SessionStore;
  /** One of them with its history; kept up to date while somebody holds it. */
  session(sessionId: number): SharedStore<SessionState>;
  listVoices(): Promise<Voice[]>;
  chosenVoice(): Promise<number | null>;
  chooseVoice(voiceId: number | null): Promise<void>;
  healthCheck(timeoutMs?: number): Promise<Health>;
}

/** @param supabase the app's own client, signed in or not yet; on a project with Sideline's schema */
export function createSideline(
  supabase: SupabaseClient<Database>,
  { onProblem = () => {}, urlStorage, signedUrlSeconds }: SidelineOptions = {},
): Sideline {
  const list = createStore(initialList);
  const recordings = shareStore(list, () => watchRecordingList(supabase, list));
  const problems = observeProblems(onProblem);
  /** From the first mention until nobody holds it: parts that are rendered together share it. */
  const watched = new Map<number, SharedStore<RecordingState>>();
  const recording = (id: number) => {
    const known = watched.get(id);
    if (known) return known;
    const store = createStore(() => initialState(id));
    const shared = shareStore(store, () => {
      watched.set(id, shared);
      const stopObserving = problems.watchRecording(store);
      const watcher = startWatcher(id, recordingSource(supabase, id), store);
      return {
        ...watcher,
        stop() {
          stopObserving();
          watched.delete(id);
          return watcher.stop();
        },
      };
    });
    watched.set(id, shared);
    return shared;
  };
  const sessions = new SupabaseSessionStore(supabase);
  let userId: string | null = null;
  supabase.auth.onAuthStateChange((event, session) => {
    const before = userId;
    userId = session?.user.id ?? null;
    if (before === userId || event === "INITIAL_SESSION") return;
    // The next one to sign in on this page must not see what was there.
    if (before !== null) list.setState(initialList(), true);
    for (const { refresh } of [recordings, ...watched.values()]) refresh();
  });
  return {
    ...createRenderCalls(supabase),
    supabase,
    upload(file, options) {
      const context = { client: supabase, ...projectAddress(supabase) };
      const upload = startUpload(urlStorage ? { ...context, urlStorage } : context, file, options);
      problems.watchUpload(upload);
      return upload;
    },
    watchRecording(id) {
      const { store, hold, refresh } = recording(id);
      return { store, refresh, stop: hold() };
    },
    recordings,
    recording,
    startAnalysis: (id, wishes) => startAnalysis(supabase, id, wishes),
    retryAnalysis: (id) => retryAnalysis(supabase, id),
    retryDraft: (id) => retryDraft(supabase, id),
    retryFeedback: (id, stage) => retryFeedback(supabase, id, stage),
    editFeedback: (id, words) => editFeedback(supabase, id, words),
    deleteRecording: (id) => deleteRecording(supabase, id),
    deleteAccount: () => deleteAccount(supabase),
    deleteAudio: (feedbackId) => deleteAudio(supabase, feedbackId),
    audioUrls: createSignedUrls(supabase, "processed", signedUrlSeconds),
    videoUrls: createSignedUrls(supabase, "raw", signedUrlSeconds),
    sessions,
    session(id) {
      const store = createStore(initialSession);
      return shareStore(store, () => watchSession(supabase, sessions, id, store));
    },
    listVoices: () => listVoices(supabase),
    chosenVoice: () => chosenVoice(supabase),
    chooseVoice: (id) => chooseVoice(supabase, id),
    healthCheck: (timeoutMs) => healthCheck(supabase, timeoutMs),
  };
}

function recordingSource(supabase: SupabaseClient<Database>, id: number): RecordingSource {
  return {
    // An address may be typed by hand.
    readAll: async (signal) =>
      Number.isSafeInteger(id) ? await readRecording(supabase, id, signal) : null,
    readFeedback: (ids, signal) => readFeedback(supabase, ids, signal),
    subscribe: (row, hear) => subscribeToRecording(supabase, row, hear),
  };
}

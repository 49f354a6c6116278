import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { UrlStorage } from "tus-js-client";
import type { StoreApi } from "zustand/vanilla";
import { type AudioUrls, createAudioUrls } from "./audio-urls.ts";
import { retryAnalysis, retryFeedback, startAnalysis } from "./calls.ts";
import { type Health, healthCheck } from "./health-check.ts";
import { type OnProblem, observeProblems } from "./problem-events.ts";
import { projectAddress } from "./project-address.ts";
import { readFeedback, readRecording } from "./read-recording.ts";
import type { RecordingState } from "./recording-state.ts";
import { createSharedWatchers, type SharedRecording } from "./shared-watchers.ts";
import { subscribeToRecording } from "./subscribe-to-recording.ts";
import { startUpload, type UploadHandle } from "./upload/upload.ts";
import type { UploadOptions } from "./upload/upload-state.ts";
import { chooseVoice, chosenVoice, listVoices, type Voice } from "./voices.ts";

export interface SidelineOptions {
  /** Called once for each item and upload that fails: for analytics. */
  onProblem?: OnProblem;
  /** Where unfinished uploads are remembered; by default localStorage, where there is one. */
  urlStorage?: UrlStorage;
  /** Life of an audio address. */
  audioUrlSeconds?: number;
}

/** A recording that is being watched. */
export interface WatchedRecording {
  store: StoreApi<RecordingState>;
  refresh(): void;
  /** Resolves once nothing of the watch is left, unless somebody else watches the same one. */
  stop(): Promise<void>;
}

export interface Sideline {
  supabase: SupabaseClient<Database>;
  /** Begins at once. A `File` has a name; for another `Blob` give one. */
  upload(file: Blob, options?: UploadOptions): UploadHandle;
  watchRecording(recordingId: number): WatchedRecording;
  /** The same for frameworks: a store that is kept up to date only while somebody holds it. */
  recording(recordingId: number): SharedRecording;
  startAnalysis(recordingId: number): Promise<{ jobId: number; status: string }>;
  retryAnalysis(jobId: number): Promise<void>;
  retryFeedback(feedbackId: number, stage: "ssml" | "audio"): Promise<void>;
  audioUrls: AudioUrls;
  listVoices(): Promise<Voice[]>;
  chosenVoice(): Promise<number | null>;
  chooseVoice(voiceId: number | null): Promise<void>;
  healthCheck(timeoutMs?: number): Promise<Health>;
}

/** @param supabase the app's own client, signed in or not yet; on a project with Sideline's schema */
export function createSideline(
  supabase: SupabaseClient<Database>,
  { onProblem = () => {}, urlStorage, audioUrlSeconds }: SidelineOptions = {},
): Sideline {
  const problems = observeProblems(onProblem);
  const recording = createSharedWatchers(
    (id) => ({
      readAll: (signal) => readRecording(supabase, id, signal),
      readFeedback: (ids, signal) => readFeedback(supabase, ids, signal),
      subscribe: (row, hear) => subscribeToRecording(supabase, row, hear),
    }),
    (store) => problems.watchRecording(store),
  );
  return {
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
    recording,
    startAnalysis: (id) => startAnalysis(supabase, id),
    retryAnalysis: (id) => retryAnalysis(supabase, id),
    retryFeedback: (id, stage) => retryFeedback(supabase, id, stage),
    audioUrls: createAudioUrls(supabase, audioUrlSeconds),
    listVoices: () => listVoices(supabase),
    chosenVoice: () => chosenVoice(supabase),
    chooseVoice: (id) => chooseVoice(supabase, id),
    healthCheck: (timeoutMs) => healthCheck(supabase, timeoutMs),
  };
}

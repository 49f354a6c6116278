/**
 * An upload as a store and five verbs. The recording's row comes first, then the file in chunks,
 * then the row says that it is complete. An upload of the same file that was cut off (the page was
 * reloaded, the app was killed) goes on where it ended, into the same recording.
 */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { DetailedError, PreviousUpload, Upload, UrlStorage } from "tus-js-client";
import { createStore, type StoreApi } from "zustand/vanilla";
import { SidelineError, toSidelineError } from "../sideline-error.ts";
import { signedInUser } from "../signed-in-user.ts";
import { type AnalysisWishes, setWishes } from "./analysis-wishes.ts";
import { mediaTypeOf } from "./media-type.ts";
import {
  addRecording,
  findRecording,
  removeRecording,
  setRefused,
  setUploadStatus,
  type UploadTarget,
} from "./recording-row.ts";
import { refusalOf, type UploadedFile } from "./refusal.ts";
import { createTransfer, loadTus, type Tus } from "./transfer.ts";
import type { UploadOptions, UploadProblem, UploadState } from "./upload-state.ts";

export interface UploadContext {
  client: SupabaseClient<Database>;
  apiUrl: string;
  key: string;
  /** Where addresses of unfinished uploads are kept; by default localStorage, where there is one. */
  urlStorage?: UrlStorage;
}

export interface UploadHandle {
  store: StoreApi<UploadState>;
  pause(): void;
  resume(): void;
  /** After a failure: goes on with what is there. */
  retry(): void;
  /** Removes what was sent and the recording. */
  cancel(): Promise<void>;
  /** @returns id of the recording, once complete. @throws SidelineError where it fails */
  whenDone(): Promise<number>;
}

export function startUpload(
  context: UploadContext,
  file: Blob,
  options: UploadOptions = {},
): UploadHandle {
  const upload = new RunningUpload(context, file, options);
  void upload.run();
  return {
    store: upload.store,
    pause: () => upload.pause(),
    resume: () => upload.resume(),
    retry: () => upload.retry(),
    cancel: () => upload.cancel(),
    whenDone: () => upload.whenDone(),
  };
}

class RunningUpload {
  readonly store: StoreApi<UploadState>;
  readonly #context: UploadContext;
  readonly #file: Blob;
  readonly #about: UploadedFile;
  readonly #wishes: AnalysisWishes;
  #target: UploadTarget | null = null;
  #transfer: Upload | null = null;
  #isSent = false;
  #preparation: Promise<void> = Promise.resolve();

  constructor(context: UploadContext, file: Blob, { name, ...wishes }: UploadOptions) {
    const shownName = name ?? ("name" in file ? String(file.name) : "video");
    this.#context = context;
    this.#file = file;
    this.#wishes = wishes;
    this.#about = { name: shownName, mimeType: mediaTypeOf(shownName, file.type), size: file.size };
    this.store = createStore(() => ({
      status: "preparing",
      recordingId: null,
      sentBytes: 0,
      totalBytes: file.size,
      isResumed: false,
      problem: null,
    }));
  }

  get #status(): UploadState["status"] {
    return this.store.getState().status;
  }

  /** From the beginning, or from wherever it stands. */
  async run(): Promise<void> {
    this.store.setState({ status: "preparing", problem: null });
    this.#preparation = this.#prepare().catch((error: unknown) => this.#fail(error));
    await this.#preparation;
    // It may have failed, or been paused or cancelled meanwhile.
    if (this.#status === "preparing") this.#send();
  }

  #send(): void {
    this.store.setState({ status: "uploading" });
    if (this.#isSent) void this.#finish();
    else this.#transfer?.start();
  }

  pause(): void {
    if (this.#status !== "preparing" && this.#status !== "uploading") return;
    this.store.setState({ status: "paused" });
    void this.#transfer?.abort();
  }

  resume(): void {
    void this.#preparation.then(() => {
      if (this.#status === "paused") this.#send();
    });
  }

  retry(): void {
    const { status, problem } = this.store.getState();
    if (status === "failed" && problem?.isRetryable) void this.run();
  }

  async cancel(): Promise<void> {
    if (this.#status === "completed" || this.#status === "cancelled") return;
    this.store.setState({ status: "cancelled", problem: null });
    await this.#preparation;
    // Storage forgets what it cannot be told to delete now; the row is what the user sees.
    await this.#transfer?.abort(true).catch(() => {});
    if (this.#target) await removeRecording(this.#context.client, this.#target.recordingId);
  }

  whenDone(): Promise<number> {
    return new Promise((resolve, reject) => {
      const look = ({ status, recordingId, problem }: UploadState) => {
        if (status === "completed" && recordingId !== null) resolve(recordingId);
        else if (status === "failed" && problem) {
          reject(new SidelineError(problem.code, problem.message));
        } else if (status === "cancelled") {
          reject(new SidelineError("upload_failed", "The upload was cancelled."));
        } else return;
        unsubscribe();
      };
      const unsubscribe = this.store.subscribe(look);
      look(this.store.getState());
    });
  }

  /** Finds or makes the recording, and the transfer into its object. */
  async #prepare(): Promise<void> {
    const { client, urlStorage } = this.#context;
    if (this.#target) {
      if (!this.#isSent) await setUploadStatus(client, this.#target.recordingId, "uploading");
      return;
    }
    const userId = await signedInUser(client);
    const tus = await loadTus(urlStorage);
    const fingerprint = this.#fingerprint(userId);
    const earlier = await this.#findEarlier(tus, fingerprint, userId);
    const target =
      earlier?.target ?? (await addRecording(client, userId, this.#about, this.#wishes));
    this.#target = target;
    this.#isSent = earlier?.target.isComplete ?? false;
    this.store.setState({ recordingId: target.recordingId, isResumed: earlier !== null });
    this.#transfer = createTransfer(tus, {
      ...this.#context,
      file: this.#file,
      fingerprint,
      objectName: target.objectName,
      mimeType: this.#about.mimeType,
      previous: earlier?.upload ?? null,
      onProgress: (sentBytes) => this.store.setState({ sentBytes }),
      onSuccess: () => void this.#finish(),
      onError: (error) => void this.#interrupted(error),
    });
  }

  /** Of one person's file and project: what another account left in this browser is not taken up. */
  #fingerprint(userId: string): string {
    const { name, mimeType, size } = this.#about;
    const changed = "lastModified" in this.#file ? this.#file.lastModified : "";
    return ["sideline", userId, name, mimeType, size, changed, this.#context.apiUrl].join("-");
  }

  async #findEarlier(
    { urls }: Tus,
    fingerprint: string,
    userId: string,
  ): Promise<{ target: UploadTarget & { isComplete: boolean }; upload: PreviousUpload } | null> {
    const { client } = this.#context;
    for (const upload of await urls.findUploadsByFingerprint(fingerprint)) {
      const { objectName = "" } = upload.metadata;
      const isOwn = objectName.startsWith(`${userId}/`);
      const target = isOwn ? await findRecording(client, objectName) : null;
      if (target && !target.isComplete) {
        await setWishes(client, target.recordingId, this.#wishes);
        await setUploadStatus(client, target.recordingId, "uploading");
        return { target, upload };
      }
      // Its recording is gone; or all was sent, and this app never heard of it.
      await urls.removeUpload(upload.urlStorageKey);
      if (target) return { target, upload };
    }
    return null;
  }

  async #finish(): Promise<void> {
    this.#isSent = true;
    try {
      if (!this.#target) return;
      await setUploadStatus(this.#context.client, this.#target.recordingId, "completed");
      // Who cancels in this very moment has it removed.
      if (this.#status === "cancelled") return;
      this.store.setState({ status: "completed", sentBytes: this.#about.size });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #interrupted(error: Error | DetailedError): Promise<void> {
    const cause = "causingError" in error ? error.causingError : null;
    if (cause instanceof SidelineError) return this.#fail(cause);
    const refusal = refusalOf(this.#about, error);
    if (!refusal) {
      const message = `The upload of ${this.#about.name} was interrupted: ${error.message}`;
      return this.#end({ code: "upload_interrupted", message, isRetryable: true });
    }
    const { code, sentence } = refusal;
    if (this.#target) {
      await setRefused(this.#context.client, this.#target.recordingId, refusal).catch(() => {});
    }
    this.#end({ code, message: sentence, isRetryable: code === "upload_failed" });
  }

  #fail(error: unknown): void {
    const { code, message } = toSidelineError(error);
    this.#end({ code, message, isRetryable: code !== "not_found" });
  }

  #end(problem: UploadProblem): void {
    if (this.#status !== "cancelled") this.store.setState({ status: "failed", problem });
  }
}

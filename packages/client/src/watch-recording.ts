/**
 * Keeps a store equal to the database. Hints say that there is something to read; the read is the
 * truth, and hints carry no data. Reads run one after the other, each begun after the one before
 * has ended, and Postgres answers each as of one moment not earlier than its beginning. So what is
 * stored never goes back, whatever the order in which hints arrive, twice or late. A hint that
 * arrives during a read leads to another one. Lost hints cost time only: each subscription that
 * comes into force reads everything, and so does a slow clock while something is under way.
 *
 * It holds for reads from the primary. A replica may be behind the hint that led to the read.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { type Merge, mergeAll, mergeFeedback } from "./merge-reads.ts";
import { isSettled } from "./progress.ts";
import type { Hint, RecordingSource } from "./recording-source.ts";
import { initialState, type RecordingState } from "./recording-state.ts";

export const pace = {
  /** One transaction is one step, but its changes are told one after the other. */
  gatherMs: 15,
  readTimeoutMs: 10_000,
  /** After so many failed reads. */
  retryMs: [500, 1_000, 2_000, 4_000],
  longestRetryMs: 8_000,
  /** Reads without a hint, while something is under way: without a subscription, and with one. */
  pollMs: 1_000,
  sweepMs: 15_000,
  /** Without a subscription, while nothing is under way. */
  idlePollMs: 15_000,
};

export interface Watcher {
  store: StoreApi<RecordingState>;
  /** Reads everything, soon. */
  refresh(): void;
  /** Resolves once nothing of it is left. */
  stop(): Promise<void>;
}

export function startWatcher(
  recordingId: number,
  source: RecordingSource,
  store: StoreApi<RecordingState> = createStore(() => initialState(recordingId)),
): Watcher {
  const watch = new Watch(source, store);
  watch.readIn(0);
  return { store, refresh: () => watch.refresh(), stop: () => watch.stop() };
}

class Watch {
  readonly #source: RecordingSource;
  readonly #store: StoreApi<RecordingState>;
  readonly #stopping = new AbortController();
  /** What is to be read next. */
  #wanted: Wanted = { all: true, feedback: new Set(), committedAt: null };
  /** Aborts the read that is under way. */
  #reading: AbortController | null = null;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the next read begins, in ms since 1970. */
  #due = Number.POSITIVE_INFINITY;
  #unsubscribe: (() => Promise<void>) | null = null;

  constructor(source: RecordingSource, store: StoreApi<RecordingState>) {
    this.#source = source;
    this.#store = store;
  }

  /** Reads after `ms`, or earlier if that was agreed on already. */
  readIn(ms: number): void {
    const due = Date.now() + ms;
    if (this.#reading || this.#stopping.signal.aborted || this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#read(), ms);
  }

  hear(hint: Hint): void {
    if (this.#stopping.signal.aborted) return;
    switch (hint.kind) {
      case "changed":
        this.#note(hint);
        break;
      case "lost":
        this.#store.setState({ connection: "polling" });
        this.#scheduleNext();
        break;
      case "live":
        this.#store.setState({ connection: "live" });
        this.refresh();
        break;
      case "woke":
        this.refresh();
        break;
    }
  }

  refresh(): void {
    this.#wanted.all = true;
    this.#failures = 0;
    // A read that is under way may hang on a connection that is no more.
    if (this.#reading) this.#reading.abort(beginAnew);
    else this.readIn(0);
  }

  #note({ feedback, committedAt }: Extract<Hint, { kind: "changed" }>): void {
    const { job } = this.#store.getState();
    // Of another recording of the same owner's.
    if (feedback && job && feedback.jobId !== job.id) return;
    const wanted = this.#wanted;
    wanted.committedAt = Math.max(wanted.committedAt ?? 0, committedAt);
    if (feedback) wanted.feedback.add(feedback.id);
    else wanted.all = true;
    // After a failure changes wait for its turn, or each would be another failing call.
    if (this.#failures === 0) this.readIn(pace.gatherMs);
  }

  async #read(): Promise<void> {
    const wanted = this.#wanted;
    const reading = new AbortController();
    this.#wanted = { all: false, feedback: new Set(), committedAt: null };
    this.#reading = reading;
    this.#due = Number.POSITIVE_INFINITY;
    let merge: Merge = (state) => state;
    try {
      const read = await this.#ask(wanted, reading.signal);
      merge = (state) => ({ ...read(state), committedAt: wanted.committedAt });
      this.#failures = 0;
    } catch (error) {
      this.#wantAgain(wanted);
      if (!reading.signal.aborted) {
        this.#failures += 1;
        merge = (state) => ({ ...state, readError: messageOf(error) });
      }
    }
    this.#reading = null;
    if (this.#stopping.signal.aborted) return;
    try {
      this.#store.setState(merge);
    } finally {
      // Also where a listener of the app's throws.
      this.#subscribe();
      this.#scheduleNext();
    }
  }

  #wantAgain({ all, feedback, committedAt }: Wanted): void {
    this.#wanted.all ||= all;
    for (const id of feedback) this.#wanted.feedback.add(id);
    this.#wanted.committedAt ??= committedAt;
  }

  async #ask({ all, feedback }: Wanted, aborted: AbortSignal): Promise<Merge> {
    const timeout = AbortSignal.timeout(pace.readTimeoutMs);
    const signal = AbortSignal.any([this.#stopping.signal, aborted, timeout]);
    return all || feedback.size === 0
      ? mergeAll(await this.#source.readAll(signal))
      : mergeFeedback(await this.#source.readFeedback([...feedback], signal));
  }

  #subscribe(): void {
    const { recording, phase } = this.#store.getState();
    if (phase !== "ready" || !recording) return;
    this.#unsubscribe ??= this.#source.subscribe(recording, (hint) => this.hear(hint));
  }

  #scheduleNext(): void {
    const { all, feedback } = this.#wanted;
    if (this.#failures > 0) this.readIn(pace.retryMs[this.#failures - 1] ?? pace.longestRetryMs);
    else if (all || feedback.size > 0) this.readIn(pace.gatherMs);
    else this.readIn(unaskedReadIn(this.#store.getState()));
  }

  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#unsubscribe?.();
  }
}

interface Wanted {
  all: boolean;
  feedback: Set<number>;
  /** Of the newest change that is known of. */
  committedAt: number | null;
}

const beginAnew = new Error("It is read anew.");

/** Milliseconds until everything is read without a hint. */
function unaskedReadIn(state: RecordingState): number {
  if (state.phase === "missing") return Number.POSITIVE_INFINITY;
  if (state.connection === "live") {
    return isSettled(state) ? Number.POSITIVE_INFINITY : pace.sweepMs;
  }
  return isSettled(state) ? pace.idlePollMs : pace.pollMs;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

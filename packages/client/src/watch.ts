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
import type { StoreApi } from "zustand/vanilla";

export const pace = {
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

/** What every watched store says about itself. */
export interface WatchedState {
  /** `live`: told of changes. `polling`: asks, because there is no subscription in force. */
  connection: "connecting" | "live" | "polling";
  /** Why the last read failed, in the machine's words; null once one succeeds. */
  readError: string | null;
  /** When the newest change that led to this state was committed, in ms since 1970, if told. */
  committedAt: number | null;
}

export type Merge<State> = (state: State) => State;

export type Hint =
  /** Changes are told from here on; what happened before may not have been. */
  | { kind: "live" }
  /** Changes may go untold from here on. */
  | { kind: "lost"; reason: string }
  /** Time has passed in which nothing could be heard: the page was hidden, or offline. */
  | { kind: "woke" }
  /** Something changed: a part that can be read by itself, or (null) anything else. */
  | { kind: "changed"; part: number | null; committedAt: number };

/** Where a watch gets its knowledge from. Only reads carry data. */
export interface WatchSource<State> {
  /** How long to wait for more of the same transaction, or of the same burst. */
  gatherMs: number;
  /** All, or the given parts, as of one moment not earlier than the call. */
  read(parts: Set<number> | null, signal: AbortSignal): Promise<Merge<State>>;
  /** @returns ends the subscription; null where there is nothing to subscribe to yet */
  subscribe(hear: (hint: Hint) => void): (() => Promise<void>) | null;
  /** `settled`: nothing changes by itself any more. `gone`: not even that. */
  outlook(state: State): "moving" | "settled" | "gone";
}

export interface Watcher {
  /** Reads everything, soon. */
  refresh(): void;
  /** Resolves once nothing of it is left. */
  stop(): Promise<void>;
}

export function startWatch<State extends WatchedState>(
  source: WatchSource<State>,
  store: StoreApi<State>,
): Watcher & { hear(hint: Hint): void } {
  const watch = new Watch(source, store);
  watch.readIn(0);
  return {
    hear: (hint) => watch.hear(hint),
    refresh: () => watch.refresh(),
    stop: () => watch.stop(),
  };
}

class Watch<State extends WatchedState> {
  readonly #source: WatchSource<State>;
  readonly #store: StoreApi<State>;
  readonly #stopping = new AbortController();
  /** What is to be read next. */
  #wanted: Wanted = { all: true, parts: new Set(), committedAt: null };
  /** Aborts the read that is under way. */
  #reading: AbortController | null = null;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the next read begins, in ms since 1970. */
  #due = Number.POSITIVE_INFINITY;
  #unsubscribe: (() => Promise<void>) | null = null;

  constructor(source: WatchSource<State>, store: StoreApi<State>) {
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
        this.#setConnection("polling");
        this.#scheduleNext();
        break;
      case "live":
        this.#setConnection("live");
        this.refresh();
        break;
      case "woke":
        this.refresh();
        break;
    }
  }

  #setConnection(connection: WatchedState["connection"]): void {
    this.#store.setState((state) => ({ ...state, connection }));
  }

  refresh(): void {
    this.#wanted.all = true;
    this.#failures = 0;
    // A read that is under way may hang on a connection that is no more.
    if (this.#reading) this.#reading.abort(beginAnew);
    else this.readIn(0);
  }

  #note({ part, committedAt }: Extract<Hint, { kind: "changed" }>): void {
    const wanted = this.#wanted;
    wanted.committedAt = Math.max(wanted.committedAt ?? 0, committedAt);
    if (part === null) wanted.all = true;
    else wanted.parts.add(part);
    // After a failure changes wait for its turn, or each would be another failing call.
    if (this.#failures === 0) this.readIn(this.#source.gatherMs);
  }

  async #read(): Promise<void> {
    const wanted = this.#wanted;
    const reading = new AbortController();
    this.#wanted = { all: false, parts: new Set(), committedAt: null };
    this.#reading = reading;
    this.#due = Number.POSITIVE_INFINITY;
    let merge: Merge<State> = (state) => state;
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

  #wantAgain({ all, parts, committedAt }: Wanted): void {
    this.#wanted.all ||= all;
    for (const part of parts) this.#wanted.parts.add(part);
    this.#wanted.committedAt ??= committedAt;
  }

  #ask({ all, parts }: Wanted, aborted: AbortSignal): Promise<Merge<State>> {
    const timeout = AbortSignal.timeout(pace.readTimeoutMs);
    const signal = AbortSignal.any([this.#stopping.signal, aborted, timeout]);
    return this.#source.read(all || parts.size === 0 ? null : parts, signal);
  }

  #subscribe(): void {
    this.#unsubscribe ??= this.#source.subscribe((hint) => this.hear(hint));
  }

  #scheduleNext(): void {
    const { all, parts } = this.#wanted;
    if (this.#failures > 0) this.readIn(pace.retryMs[this.#failures - 1] ?? pace.longestRetryMs);
    else if (all || parts.size > 0) this.readIn(this.#source.gatherMs);
    else this.readIn(this.#unaskedReadIn());
  }

  /** Milliseconds until everything is read without a hint. */
  #unaskedReadIn(): number {
    const state = this.#store.getState();
    const outlook = this.#source.outlook(state);
    if (outlook === "gone") return Number.POSITIVE_INFINITY;
    if (state.connection === "live") {
      return outlook === "settled" ? Number.POSITIVE_INFINITY : pace.sweepMs;
    }
    return outlook === "settled" ? pace.idlePollMs : pace.pollMs;
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
  parts: Set<number>;
  /** Of the newest change that is known of. */
  committedAt: number | null;
}

const beginAnew = new Error("It is read anew.");

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

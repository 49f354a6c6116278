/**
 * A model of one recording in a database, for tests of the watcher: rows that carry the number of
 * their change (`attempts`), reads that take time and see one moment of it, and a subscription that
 * is late, repeats itself, swaps and loses.
 */
import type { Random } from "@sideline/proving-ground/testing";
import { inOrder } from "./read-recording.ts";
import type { RecordingHint, RecordingSource } from "./recording-source.ts";
import type { Feedback, RecordingSnapshot } from "./recording-state.ts";
import { feedback, job, recording, stage } from "./test-recording.ts";

export interface TestDatabase extends RecordingSource {
  /** As it is now. */
  snapshot(): RecordingSnapshot | null;
  /** One random transaction, or one that the test names. */
  change(kind?: "job" | "feedback" | "add" | "replace" | "delete"): void;
  disconnect(): void;
  reconnect(): void;
  /** From here on no change is told, and nobody says so. */
  mute(): void;
  failReads(areFailing: boolean): void;
  /** Those that begin from here on never end by themselves. */
  hangReads(areHanging: boolean): void;
  /** Reads that were under way at once. */
  mostReads(): number;
  readCount(): number;
  subscriptions(): number;
}

export function createTestDatabase(random: Random): TestDatabase {
  let rows: RecordingSnapshot | null = { recording, job: null, feedback: [] };
  let hear: ((hint: RecordingHint) => void) | null = null;
  let nextId = 10;
  let changes = 0;
  let subscriptions = 0;
  const is = { connected: true, muted: false, failing: false, hanging: false };
  const reads = { now: 0, most: 0, all: 0 };

  const wait = (most: number) =>
    new Promise((resolve) => setTimeout(resolve, random.between(0, most)));
  function tell(item: Feedback | null): void {
    if (!is.connected || is.muted) return;
    const told = item && { id: item.id, jobId: item.jobId };
    const committedAt = Date.now();
    for (let times = random.chance(0.1) ? 2 : 1; times > 0; times -= 1) {
      void wait(300).then(() => {
        // What was on the way is lost with the socket.
        if (is.connected) hear?.({ kind: "changed", feedback: told, committedAt } as RecordingHint);
      });
    }
  }
  function add(): Feedback {
    nextId += 1;
    const startSeconds = Math.round(random.between(0, 20));
    return feedback({ id: nextId, startSeconds, ssml: { ...stage("queued"), attempts: changes } });
  }
  async function read<Result>(signal: AbortSignal, look: () => Result): Promise<Result> {
    reads.now += 1;
    reads.all += 1;
    reads.most = Math.max(reads.most, reads.now);
    try {
      await wait(80);
      const seen = structuredClone(look());
      await (is.hanging ? aborted(signal) : wait(80));
      signal.throwIfAborted();
      if (is.failing) throw new TypeError("fetch failed");
      return seen;
    } finally {
      reads.now -= 1;
    }
  }

  return {
    snapshot: () => structuredClone(rows),
    change(kind = random.pick(["job", "feedback", "feedback", "feedback", "add", "replace"])) {
      if (!rows) return;
      changes += 1;
      if (kind === "delete") {
        rows = null;
        return tell(null);
      }
      const touched = { ...stage("processing"), attempts: changes };
      if (kind === "job" || !rows.job) {
        rows = { ...rows, job: job(touched) };
        return tell(null);
      }
      if (kind === "feedback") {
        if (rows.feedback.length === 0) return;
        const item = { ...random.pick(rows.feedback), ssml: touched };
        const others = rows.feedback.filter(({ id }) => id !== item.id);
        rows = { ...rows, feedback: inOrder([...others, item]) };
        return tell(item);
      }
      const added = kind === "add" ? [add()] : [add(), add(), add()];
      const kept = kind === "add" ? rows.feedback : [];
      rows = { ...rows, feedback: inOrder([...kept, ...added]) };
      // What deletes remarks changes their job in the same transaction.
      if (kind === "replace") {
        rows = { ...rows, job: job(touched) };
        tell(null);
      }
      for (const item of added) tell(item);
    },
    disconnect() {
      is.connected = false;
      hear?.({ kind: "lost", reason: "The socket was closed." });
    },
    reconnect() {
      is.connected = true;
      hear?.({ kind: "live" });
    },
    mute() {
      is.muted = true;
    },
    failReads(areFailing) {
      is.failing = areFailing;
    },
    hangReads(areHanging) {
      is.hanging = areHanging;
    },
    mostReads: () => reads.most,
    readCount: () => reads.all,
    subscriptions: () => subscriptions,
    readAll: (signal) => read(signal, () => rows),
    readFeedback: (ids, signal) =>
      read(signal, () => (rows?.feedback ?? []).filter(({ id }) => ids.includes(id))),
    subscribe(_recording, listener) {
      subscriptions += 1;
      hear = listener;
      void wait(200).then(() => {
        if (is.connected) hear?.({ kind: "live" });
      });
      return async () => {
        subscriptions -= 1;
        hear = null;
      };
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

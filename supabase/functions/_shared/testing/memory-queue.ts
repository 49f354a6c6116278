import type { ClaimHead, ErrorCode } from "@sideline/contracts";
import type { Queue } from "../worker/queue.ts";

type Status = "queued" | "processing" | "completed" | "failed";

interface Row {
  id: number;
  status: Status;
  attempts: number;
  token: string;
  leaseEnds: number;
  result?: string;
  errorCode?: ErrorCode;
  deferredSeconds?: number;
}

export interface MemoryQueue extends Queue<ClaimHead, string> {
  rows: Map<number, Row>;
  /** Makes the next call of this name fail, as a lost database connection would. */
  breakNext(call: "claim" | "complete" | "fail" | "extend" | "release"): void;
  /** Another worker takes the item. */
  steal(id: number): void;
  /** Adds a ready item. */
  add(id: number): void;
}

/** Tests only: a queue that keeps the rules of schema `pipeline` in memory. */
export function memoryQueue(options: {
  ids: number[];
  batch?: number;
  leaseMs?: number;
}): MemoryQueue {
  const { batch = 8, leaseMs = 60_000 } = options;
  const rows = new Map<number, Row>();
  const broken = new Set<string>();
  let tokens = 0;
  const newToken = (): string => `00000000-0000-4000-8000-${String(++tokens).padStart(12, "0")}`;
  const add = (id: number): void => {
    rows.set(id, { id, status: "queued", attempts: 0, token: "", leaseEnds: 0 });
  };
  options.ids.forEach(add);
  const meet = (call: string): void => {
    if (broken.delete(call)) throw new Error(`${call}: connection lost`);
  };
  const fenced = (item: ClaimHead): Row | undefined => {
    const row = rows.get(item.id);
    return row?.status === "processing" && row.token === item.lease_token ? row : undefined;
  };

  return {
    stage: "ssml",
    rows,
    add,
    breakNext: (call) => broken.add(call),
    steal(id) {
      const row = rows.get(id);
      if (row) row.token = newToken();
    },
    async claim() {
      meet("claim");
      const ready = [...rows.values()].filter(
        (row) =>
          row.status === "queued" || (row.status === "processing" && row.leaseEnds <= Date.now()),
      );
      return ready.slice(0, batch).map((row) => {
        Object.assign(row, {
          status: "processing",
          attempts: row.attempts + 1,
          token: newToken(),
          leaseEnds: Date.now() + leaseMs,
        });
        return {
          id: row.id,
          lease_token: row.token,
          attempt: row.attempts,
          lease_expires_at: new Date(row.leaseEnds).toISOString(),
          correlation_id: row.token,
          user_id: row.token,
        };
      });
    },
    async complete(item, result) {
      meet("complete");
      const row = fenced(item);
      if (!row) return "stale";
      Object.assign(row, { status: "completed", result });
      return "completed";
    },
    async fail(item, code, _message, retryable) {
      meet("fail");
      const row = fenced(item);
      if (!row) return "stale";
      const status = retryable && row.attempts < 3 ? "queued" : "failed";
      Object.assign(row, { status, errorCode: code });
      return status;
    },
    async defer(item, seconds, code) {
      const row = fenced(item);
      if (!row) return "stale";
      const status = seconds > 900 ? "failed" : "processing";
      Object.assign(row, {
        status,
        attempts: row.attempts - 1,
        deferredSeconds: seconds,
        errorCode: code,
        token: "",
        leaseEnds: Date.now() + seconds * 1000,
      });
      return status === "failed" ? "failed" : "queued";
    },
    async extend(item) {
      meet("extend");
      const row = fenced(item);
      if (row) row.leaseEnds = Date.now() + leaseMs;
      return row !== undefined;
    },
    async release(item) {
      meet("release");
      const row = fenced(item);
      if (!row) return "stale";
      Object.assign(row, { status: "queued", attempts: row.attempts - 1 });
      return "queued";
    },
  };
}

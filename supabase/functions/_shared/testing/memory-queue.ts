import type { ClaimHead, ErrorCode } from "@sideline/contracts";
import type { Json } from "@sideline/database";
import type { Delay, Queue } from "../worker/queue.ts";
import { type MemoryLedger, memoryLedger } from "./memory-ledger.ts";

type Status = "queued" | "processing" | "completed" | "failed";

interface Row {
  id: number;
  status: Status;
  attempts: number;
  token: string;
  leaseEnds: number;
  result?: string;
  errorCode?: ErrorCode;
  delay?: Delay;
  alone?: boolean;
  progress?: Json;
  /** Whether a provider was, by the attempt that ended. */
  asked?: boolean;
  ledger: MemoryLedger;
}

export interface MemoryQueue extends Queue<ClaimHead, string> {
  rows: Map<number, Row>;
  /** Makes the next call of this name fail, as a lost database connection would. */
  breakNext(call: "claim" | "complete" | "fail" | "extend" | "release" | "recordCall"): void;
  /** Another worker takes the item. */
  steal(id: number): void;
  /** Adds a ready item; `alone` is one that its last worker vanished with. */
  add(id: number, alone?: boolean): void;
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
  const add = (id: number, alone = false): void => {
    const ledger = memoryLedger();
    rows.set(id, { id, status: "queued", attempts: 0, token: "", leaseEnds: 0, alone, ledger });
  };
  for (const id of options.ids) add(id);
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
    async claim(busy) {
      meet("claim");
      for (const row of rows.values()) {
        const lost = row.status === "processing" && row.leaseEnds <= Date.now();
        if (lost) Object.assign(row, { status: "queued", alone: row.token !== "" });
      }
      const ready = [...rows.values()].filter((row) => row.status === "queued");
      const taken = !ready[0]?.alone
        ? ready.filter((row) => !row.alone).slice(0, batch)
        : ready.slice(0, busy ? 0 : 1);
      return taken.map((row) => {
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
          alone: row.alone ?? false,
          correlation_id: row.token,
          user_id: row.token,
        };
      });
    },
    async complete(item, result, asked) {
      meet("complete");
      const row = fenced(item);
      if (!row) return "stale";
      Object.assign(row, { status: "completed", result, asked });
      return "completed";
    },
    async fail(item, code, _message, { retryable, asked }) {
      meet("fail");
      const row = fenced(item);
      if (!row) return "stale";
      const status = retryable && row.attempts < 3 ? "queued" : "failed";
      Object.assign(row, { status, errorCode: code, asked });
      return status;
    },
    async defer(item, code, _message, delay) {
      const row = fenced(item);
      if (!row) return "stale";
      const seconds = delay.retryAfterSeconds ?? 1;
      const status = seconds > 86_400 ? "failed" : "processing";
      Object.assign(row, {
        status,
        attempts: row.attempts - 1,
        delay,
        errorCode: code,
        token: "",
        leaseEnds: Date.now() + seconds * 1000,
      });
      return status === "failed" ? "failed" : "queued";
    },
    async sendBack(item, code) {
      const row = fenced(item);
      if (!row) return "stale";
      Object.assign(row, { status: "completed", errorCode: code });
      return "sent_back";
    },
    async extend(item, progress) {
      meet("extend");
      const row = fenced(item);
      if (!row) return false;
      Object.assign(row, { leaseEnds: Date.now() + leaseMs, progress: progress ?? row.progress });
      return true;
    },
    keeps: async (item) => rows.get(item.id)?.progress !== undefined,
    async findAnswer(item, requestHash) {
      return (await rows.get(item.id)?.ledger.find(requestHash)) ?? null;
    },
    async recordCall(item, call) {
      meet("recordCall");
      await rows.get(item.id)?.ledger.record(call);
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

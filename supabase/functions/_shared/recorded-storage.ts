import type { DatabaseClient } from "@sideline/database";
import { createBatch } from "./batch.ts";
import { describeError, StageError } from "./errors.ts";
import type { Log } from "./log.ts";
import { callPipeline } from "./pipeline-call.ts";
import type { Storage } from "./storage.ts";

/** A row of `storage_operations`. */
interface Operation {
  user_id: string;
  operation: "upload" | "download" | "delete" | "access";
  bucket: string;
  path: string;
  outcome: "done" | "not_found" | "refused" | "unavailable";
  bytes: number | null;
  milliseconds: number;
  function_name: string;
}

export interface RecorderOptions {
  functionName: string;
  database: DatabaseClient;
  background(task: Promise<unknown>): void;
  log: Log;
  /** Milliseconds; only differences count. */
  now(): number;
}

interface Told<T> {
  operation: Operation["operation"];
  bucket: string;
  paths: string[];
  /** What it answered; `bytes` where some moved. */
  found(answer: T): { isThere: boolean; bytes: number | null };
}

/** The same storage; what is done to users' objects is told to the database, in batches. */
export function recordedStorage(storage: Storage, options: RecorderOptions): Storage {
  const { functionName, database, background, log, now } = options;
  const tell = createBatch<Operation>({
    async send(operations) {
      const plain = operations.map((operation) => ({ ...operation }));
      await callPipeline(database, "log_storage_operations", { operations: plain });
    },
    onLost: (error, count) =>
      log.warn("storage_operations.lost", { counts: { lost: count }, ...describeError(error) }),
    background,
    waitMs: 1000,
    most: 1000,
  });

  const recorded = async <T>(work: Promise<T>, told: Told<T>): Promise<T> => {
    const started = now();
    const note = (outcome: Operation["outcome"], bytes: number | null): void => {
      for (const path of told.paths) {
        const userId = ownerOf(path);
        if (userId === null) continue;
        tell({
          user_id: userId,
          operation: told.operation,
          bucket: told.bucket,
          path,
          outcome,
          bytes,
          milliseconds: Math.round(now() - started),
          function_name: functionName,
        });
      }
    };
    try {
      const answer = await work;
      const { isThere, bytes } = told.found(answer);
      note(isThere ? "done" : "not_found", bytes);
      return answer;
    } catch (error) {
      const isAway = !(error instanceof StageError) || error.fate === "defer";
      note(isAway ? "unavailable" : "refused", null);
      throw error;
    }
  };

  return {
    ...storage,
    read: (place, signal) =>
      recorded(storage.read(place, signal), {
        operation: "download",
        bucket: place.bucket,
        paths: [place.path],
        found: (piece) => ({ isThere: piece !== null, bytes: piece?.bytes.length ?? null }),
      }),
    exists: (bucket, path) =>
      recorded(storage.exists(bucket, path), {
        operation: "access",
        bucket,
        paths: [path],
        found: (isThere) => ({ isThere, bytes: null }),
      }),
    open: (place, signal) =>
      recorded(storage.open(place, signal), {
        operation: "download",
        bucket: place.bucket,
        paths: [place.path],
        found: (answer) => ({
          isThere: answer !== null,
          bytes: Number(answer?.headers.get("content-length")) || null,
        }),
      }),
    remove: (bucket, paths, signal) =>
      recorded(storage.remove(bucket, paths, signal), {
        operation: "delete",
        bucket,
        paths,
        found: () => ({ isThere: true, bytes: null }),
      }),
    put: (object) =>
      recorded(storage.put(object), {
        operation: "upload",
        bucket: object.bucket,
        paths: [object.path],
        found: () => ({ isThere: true, bytes: lengthOf(object.bytes) }),
      }),
  };
}

function lengthOf(bytes: Uint8Array | Blob): number {
  return bytes instanceof Blob ? bytes.size : bytes.length;
}

/** Objects lie in a folder that is named by their owner. */
function ownerOf(path: string): string | null {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\//.exec(path)?.[1] ?? null;
}

import { Worker } from "node:worker_threads";
import type { VideoFacts } from "./inspect-video.ts";
import type { InspectionAnswer } from "./inspection-worker.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";

/** A sound video of the largest size takes seconds. */
const USUAL_TIMEOUT_MS = 60_000;
const MOST_AT_ONCE = 2;
const MEMORY_MB = 512;

/**
 * Inspects videos in threads, a few at a time, each with limits on time and memory. A damaged
 * index can claim billions of frames and keep a reader busy for minutes without a pause; apart,
 * that costs one file its answer and stops nothing else.
 */
export class Inspector {
  readonly #timeoutMs: number;
  readonly #workers = new Set<Worker>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #isStopped = false;

  constructor({ timeoutMs = USUAL_TIMEOUT_MS }: { timeoutMs?: number } = {}) {
    this.#timeoutMs = timeoutMs;
  }

  /** Throws {@link UnreadableVideoError} when the file is not a whole video. */
  async inspect(path: string): Promise<VideoFacts> {
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    this.#running += 1;
    try {
      return await this.#inspectApart(path);
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Ends all inspections; they throw. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  async #inspectApart(path: string): Promise<VideoFacts> {
    if (this.#isStopped) throw new Error("the inspector was stopped");
    const worker = new Worker(new URL("inspection-worker.ts", import.meta.url), {
      workerData: path,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    this.#workers.add(worker);
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = await new Promise<InspectionAnswer>((resolve, reject) => {
        timer = setTimeout(() => reject(tooCostly()), this.#timeoutMs);
        worker.on("message", (message: InspectionAnswer) => resolve(message));
        worker.on("error", (error: NodeJS.ErrnoException) =>
          reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooCostly() : error),
        );
        worker.on("exit", () => reject(new Error("the inspection ended without an answer")));
      });
      if ("facts" in answer) return answer.facts;
      if ("reason" in answer) throw new UnreadableVideoError(answer.reason, answer.message);
      throw new Error(answer.failure);
    } finally {
      clearTimeout(timer);
      await worker.terminate();
      this.#workers.delete(worker);
    }
  }
}

function tooCostly(): UnreadableVideoError {
  return new UnreadableVideoError(
    "damaged",
    "The video is damaged: reading its index takes more time or memory than any sound file needs.",
  );
}

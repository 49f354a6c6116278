import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { VideoFacts } from "./inspect-video.ts";
import type { InspectionAnswer } from "./inspection-process.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";

/** A sound video of the largest size takes seconds. */
const USUAL_TIMEOUT_MS = 60_000;
const MOST_AT_ONCE = 2;
const MEMORY_MB = 512;
const PROGRAM = fileURLToPath(new URL("inspection-process.ts", import.meta.url));

/**
 * Inspects videos in processes, a few at a time, each with limits on time and memory. A damaged
 * index can claim billions of frames and keep a reader busy for minutes without a pause, or fill
 * the heap, which ends a whole process even from a thread. Apart, that costs one file its answer.
 */
export class Inspector {
  readonly #timeoutMs: number;
  readonly #processes = new Set<ChildProcess>();
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
  stop(): void {
    this.#isStopped = true;
    for (const process of this.#processes) process.kill("SIGKILL");
  }

  async #inspectApart(path: string): Promise<VideoFacts> {
    if (this.#isStopped) throw new Error("the inspector was stopped");
    const child = fork(PROGRAM, [path], {
      execArgv: [`--max-old-space-size=${MEMORY_MB}`],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#processes.add(child);
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = await new Promise<InspectionAnswer>((resolve, reject) => {
        timer = setTimeout(() => reject(tooCostly()), this.#timeoutMs);
        child.on("message", (message: InspectionAnswer) => resolve(message));
        child.on("error", reject);
        child.on("exit", (_code, signal) =>
          reject(
            // The runtime aborts itself when its heap is full.
            signal === "SIGABRT" || signal === "SIGTRAP"
              ? tooCostly()
              : new Error("the inspection ended without an answer"),
          ),
        );
      });
      if ("facts" in answer) return answer.facts;
      if ("reason" in answer) throw new UnreadableVideoError(answer.reason, answer.message);
      throw new Error(answer.failure);
    } finally {
      clearTimeout(timer);
      child.kill("SIGKILL");
      this.#processes.delete(child);
    }
  }
}

function tooCostly(): UnreadableVideoError {
  return new UnreadableVideoError(
    "damaged",
    "The video is damaged: reading its index takes more time or memory than any sound file needs.",
  );
}

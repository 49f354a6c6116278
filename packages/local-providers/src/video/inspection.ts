import { type ChildProcess, fork } from "node:child_process";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import type { VideoFacts } from "./inspect-video.ts";
import type { InspectionAnswer } from "./inspection-process.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";

const MEMORY_MB = 512;
/** The lowest would never run where others are always busy. */
const LOWER_PRIORITY = 5;
const PROGRAM = fileURLToPath(new URL("inspection-process.ts", import.meta.url));

/** One file's inspection, in a process of its own that ends with {@link Inspection.stop}. */
export class Inspection {
  readonly #child: ChildProcess;
  readonly #answer: Promise<InspectionAnswer>;
  #early: VideoFacts | null = null;

  constructor(path: string) {
    this.#child = fork(PROGRAM, [path], {
      execArgv: [`--max-old-space-size=${MEMORY_MB}`],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#answer = this.#wait();
    // It may fail while nobody waits for it.
    this.#answer.catch(() => {});
  }

  /** What is known without any picture; null before that is read. */
  get early(): VideoFacts | null {
    return this.#early;
  }

  /** The facts, or null when they are not there after so long. Throws as {@link inspectVideo} does. */
  async within(milliseconds: number): Promise<VideoFacts | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, milliseconds, null);
    });
    try {
      const answer = await Promise.race([this.#answer, late]);
      if (answer === null) return null;
      if ("facts" in answer) return answer.facts;
      if ("reason" in answer) throw new UnreadableVideoError(answer.reason, answer.message);
      throw new Error("failure" in answer ? answer.failure : "an answer that is none");
    } finally {
      clearTimeout(timer);
    }
  }

  /** From now on it runs less than what others wait for. */
  giveWay(): void {
    try {
      if (this.#child.pid !== undefined) setPriority(this.#child.pid, LOWER_PRIORITY);
    } catch {
      // It has ended meanwhile, or this system lets nobody change priorities.
    }
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }

  #wait(): Promise<InspectionAnswer> {
    return new Promise((resolve, reject) => {
      this.#child.on("message", (message: InspectionAnswer) => {
        if ("early" in message) this.#early = message.early;
        else resolve(message);
      });
      this.#child.on("error", reject);
      this.#child.on("exit", (_code, signal) => {
        // A decoder that a picture brought down: what was known before still holds.
        if (this.#early !== null && !this.#child.killed) return resolve({ facts: this.#early });
        // The runtime aborts itself when its heap is full.
        const isFull = signal === "SIGABRT" || signal === "SIGTRAP";
        reject(isFull ? tooCostly() : new Error("the inspection ended without an answer"));
      });
    });
  }
}

export function tooCostly(): UnreadableVideoError {
  return new UnreadableVideoError(
    "damaged",
    "The video is damaged: reading its index takes more time or memory than any sound file needs.",
  );
}

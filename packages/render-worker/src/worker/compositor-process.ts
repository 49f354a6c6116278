import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { errorCodeSchema } from "@sideline/contracts";
import { type Job, type Message, messageSchema } from "../compositor/job.ts";
import { RenderError } from "../render-error.ts";

const entry = fileURLToPath(new URL("../compositor/main.ts", import.meta.url));
/** Without a word for so long it has got stuck. */
const patienceMs = 120_000;
const keptErrors = 2000;

/**
 * Left to itself V8 lets short-lived objects fill more and more room before it tidies, and glibc
 * gives every thread a heap of its own: after 20 minutes of video that was 100 MB of nothing.
 */
const steadyMemory = {
  env: { MALLOC_ARENA_MAX: "2" },
  execArgv: ["--max-old-space-size=512", "--max-semi-space-size=4"],
};

export type Done = Extract<Message, { type: "done" }>;
export type Progress = Extract<Message, { type: "progress" }>;

/** All of a job but how much it may take. */
export type Task = Omit<Job, keyof Bounds>;

export interface Bounds {
  memoryBytes: number;
  renderMs: number;
}

/** Whether npm brought an encoder for this machine. It is not loaded: that is for the child. */
export function hasEncoder(): boolean {
  try {
    const inside = createRequire(createRequire(import.meta.url).resolve("node-av"));
    inside.resolve(`@seydx/node-av-${process.platform}-${process.arch}`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs one job in a process of its own, which has no key in its environment. When the signal aborts
 * it is killed at once, and its reason thrown. Throws RenderError.
 */
export async function runCompositor(
  task: Task,
  { memoryBytes, renderMs }: Bounds,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Done> {
  signal.throwIfAborted();
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = fork(entry, [], {
    env: { PATH, NODE_COMPILE_CACHE, NODE_NO_WARNINGS: "1", ...steadyMemory.env },
    execArgv: steadyMemory.execArgv,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (text) => {
    said = (said + String(text)).slice(-keptErrors);
  });
  const { promise, resolve, reject } = Promise.withResolvers<Done>();
  const stop = (reason: unknown) => {
    reject(reason);
    child.kill("SIGKILL");
  };
  const onAbort = () => stop(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const tooLong = setTimeout(
    () => stop(new RenderError("out_of_time", "its time is over")),
    renderMs,
  );
  const stuck = setTimeout(() => stop(new RenderError("out_of_time", "it got stuck")), patienceMs);
  child.on("message", (given) => {
    stuck.refresh();
    const message = messageSchema.parse(given);
    if (message.type === "done") return resolve(message);
    if (message.type === "failed") {
      const code = errorCodeSchema.catch("internal_error").parse(message.code);
      return reject(new RenderError(code, message.detail));
    }
    if (message.memory > memoryBytes) {
      return stop(new RenderError("out_of_memory", `it took ${message.memory} bytes`));
    }
    onProgress(message);
  });
  const ended = new Promise<void>((settle) => {
    child.once("error", (error) => {
      reject(error);
      settle();
    });
    child.once("exit", (code, killer) => {
      // After `done` this changes nothing.
      reject(new RenderError("internal_error", `it ended with ${code ?? killer}: ${said}`));
      settle();
    });
  });
  const job: Job = { ...task, memoryBytes };
  child.send(job, (error) => error && reject(error));
  try {
    return await promise;
  } finally {
    clearTimeout(tooLong);
    clearTimeout(stuck);
    signal.removeEventListener("abort", onAbort);
    await ended;
  }
}

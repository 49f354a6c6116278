// Runs in a thread of its own, one file each: see inspector.ts.

import { parentPort, workerData } from "node:worker_threads";
import { inspectVideo, type VideoFacts } from "./inspect-video.ts";
import { type UnreadableReason, UnreadableVideoError } from "./unreadable-video.ts";

/** What the thread answers: the facts, why the file is no whole video, or an error of ours. */
export type InspectionAnswer =
  | { facts: VideoFacts }
  | { reason: UnreadableReason; message: string }
  | { failure: string };

async function inspect(path: string): Promise<InspectionAnswer> {
  try {
    return { facts: await inspectVideo(path) };
  } catch (error) {
    if (error instanceof UnreadableVideoError)
      return { reason: error.reason, message: error.message };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.postMessage(await inspect(String(workerData)));

// A process of its own for one file, named as its argument: see inspector.ts.

import { flushCompileCache } from "node:module";
import { inspectVideo, type VideoFacts } from "./inspect-video.ts";
import { type UnreadableReason, UnreadableVideoError } from "./unreadable-video.ts";

/**
 * What the process answers: the facts, why the file is no whole video, or an error of ours. Before,
 * what is known without pictures.
 */
export type InspectionAnswer =
  | { early: VideoFacts }
  | { facts: VideoFacts }
  | { reason: UnreadableReason; message: string }
  | { failure: string };

async function inspect(path: string): Promise<InspectionAnswer> {
  try {
    return { facts: await inspectVideo(path, (early) => process.send?.({ early })) };
  } catch (error) {
    if (error instanceof UnreadableVideoError)
      return { reason: error.reason, message: error.message };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

// Without its parent nobody waits for the answer.
process.on("disconnect", () => process.exit());
const answer = await inspect(process.argv[2] ?? "");
// Whoever waits for the answer kills this process then.
flushCompileCache();
process.send?.(answer);

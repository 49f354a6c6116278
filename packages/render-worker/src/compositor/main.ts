/**
 * One render in a process of its own: native code reads what strangers uploaded. It gets its job
 * over the channel to its parent, tells how far it is, and ends.
 */
import { ffmpeg } from "../codec/ffmpeg.ts";
import { RenderError } from "../render-error.ts";
import { compose } from "./compose.ts";
import { jobSchema, type Message } from "./job.ts";

/** Milliseconds between two tellings. */
const every = 500;

const tell = (message: Message): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));

// Whether there is an encoder for this machine is known once it was loaded.
if (process.argv.includes("--check")) {
  ffmpeg();
  process.exit();
}

process.once("message", async (given) => {
  try {
    const job = jobSchema.parse(given);
    let last = 0;
    const spent = { composition: 0, encoding: 0 };
    await tell({ type: "progress", step: "processing", share: 0, memory: memory(), spent });
    const done = await compose(job, ffmpeg(), (count, all, spent) => {
      const now = performance.now();
      if (now - last < every && count < all) return;
      last = now;
      const step = count < all ? "composition" : "encoding";
      void tell({ type: "progress", step, share: count / all, memory: memory(), spent });
    });
    const { user, system } = process.cpuUsage();
    await tell({ type: "done", ...done, cpuSeconds: (user + system) / 1e6 });
  } catch (error) {
    await tell(failure(error));
  }
  process.disconnect();
});
// Without its parent nobody waits for the file.
process.once("disconnect", () => process.exit());

function failure(error: unknown): Message {
  if (error instanceof RenderError)
    return { type: "failed", code: error.code, detail: error.detail };
  const detail = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : "";
  return { type: "failed", code: "internal_error", detail };
}

function memory(): number {
  return process.memoryUsage.rss();
}

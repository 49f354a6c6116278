import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RenderClaim, RenderResult } from "@sideline/contracts";
import type { Storage } from "../../../../supabase/functions/_shared/storage.ts";
import { fileKey, type Job, type Spent } from "../compositor/job.ts";
import { RenderError } from "../render-error.ts";
import { checkFile } from "./check-file.ts";
import { type Bounds, type Done, runCompositor, type Task } from "./compositor-process.ts";
import { download, upload } from "./objects.ts";
import type { Progress } from "./progress.ts";
import { makeFolder } from "./temporary.ts";

export interface RenderDeps {
  storage: Storage;
  bounds: Bounds;
  progress: Progress;
  signal: AbortSignal;
}

/** Which part of a render's time, in percent, is over when the step begins. */
const downloadEnds = 5;
const compositionEnds = 92;
const hashLetters = 32;

/**
 * Makes one video and stores it. Everything on the disk lies in a folder that is gone afterwards.
 * Throws RenderError, StageError, or the reason of the signal.
 */
export async function renderVideo(claim: RenderClaim, deps: RenderDeps): Promise<RenderResult> {
  const { progress } = deps;
  const directory = await makeFolder();
  try {
    const files = await progress.during(
      "download",
      () => fetchAll(claim, directory, deps),
      (all) => ({
        objects: Object.keys(all.files).length,
        bytes: all.bytes,
      }),
    );
    const output = join(directory, `made.${claim.format}`);
    const { format, width, height, fps, options, elements, coaching } = claim;
    const job = {
      format,
      width,
      height,
      fps,
      options,
      elements,
      coaching,
      files: files.files,
      output,
    };
    const done = await composeInSteps(job, deps);
    await progress.during("validation", () => checkFile(output, done));
    return await progress.during(
      "upload",
      () => store(claim, output, done, deps),
      ({ bytes }) => ({ bytes }),
    );
  } finally {
    // What is left after all goes when the next worker starts here.
    await progress
      .during("cleanup", () => rm(directory, { recursive: true, force: true }))
      .catch(() => undefined);
  }
}

async function fetchAll(
  claim: RenderClaim,
  directory: string,
  { storage, signal, progress }: RenderDeps,
) {
  const files: Job["files"] = {};
  let bytes = 0;
  const wanted = placesOf(claim);
  for (const [index, { bucket, path, what }] of wanted.entries()) {
    const file = join(directory, `${index}`);
    try {
      bytes += await download(storage, { bucket, path }, file, signal);
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      const isClip = what === "the clip" && error.code === "element_missing";
      throw new RenderError(isClip ? "video_missing" : error.code, `${what}: ${error.detail}`);
    }
    files[fileKey(bucket, path)] = file;
    progress.percent = (downloadEnds * (index + 1)) / wanted.length;
  }
  return { files, bytes };
}

/** Every object once. */
function placesOf({ coaching, elements }: RenderClaim) {
  const places = new Map<string, { bucket: string; path: string; what: string }>();
  const add = (bucket: string | null, path: string | null, what: string) => {
    if (bucket === null || path === null) return;
    const key = fileKey(bucket, path);
    if (!places.has(key)) places.set(key, { bucket, path, what });
  };
  if (coaching) {
    add(coaching.source.bucket, coaching.source.path, "the clip");
    for (const { feedback_id, audio } of coaching.remarks) {
      for (const { path } of audio) add("processed", path, `remark ${feedback_id}`);
    }
  }
  for (const { id, bucket, path } of elements) add(bucket, path, `element ${id}`);
  return [...places.values()];
}

/**
 * Reading its sources is step `processing`. Drawing and encoding take turns, picture after picture:
 * their steps begin together, and each tells how many seconds were its own.
 */
async function composeInSteps(job: Task, { bounds, progress, signal }: RenderDeps): Promise<Done> {
  const drawing = Promise.withResolvers<void>();
  const drawn = Promise.withResolvers<void>();
  let memory = 0;
  let spent: Spent = { composition: 0, encoding: 0 };
  const running = runCompositor(job, bounds, signal, (told) => {
    memory = Math.max(memory, told.memory);
    spent = told.spent;
    progress.percent = downloadEnds + (compositionEnds - downloadEnds) * told.share;
    if (told.step !== "processing") drawing.resolve();
    if (told.step === "encoding") drawn.resolve();
  });
  for (const one of [drawing, drawn]) running.then(() => one.resolve(), one.reject);
  drawn.promise.catch(() => undefined);
  const rounded = (seconds: number) => Math.round(seconds * 10) / 10;
  await progress.during("processing", () => drawing.promise);
  const [done] = await Promise.all([
    progress.during(
      "encoding",
      () => running,
      ({ frames, cpuSeconds }) => ({
        frames,
        seconds: rounded(spent.encoding),
        memory,
        cpu_seconds: rounded(cpuSeconds),
      }),
    ),
    progress.during(
      "composition",
      () => drawn.promise,
      () => ({ seconds: rounded(spent.composition) }),
    ),
  ]);
  return done;
}

async function store(
  claim: RenderClaim,
  output: string,
  done: Done,
  { storage, progress, signal }: RenderDeps,
): Promise<RenderResult> {
  const { id, user_id, format } = claim;
  const checksum = await sha256Of(output);
  const { size: bytes } = await stat(output);
  const path = `${user_id}/renders/${id}/${checksum.slice(0, hashLetters)}.${format}`;
  await progress.name(path);
  await upload(storage, output, { path, contentType: `video/${format}`, signal });
  return { path, bytes, duration_seconds: done.seconds, frames: done.frames, checksum };
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest("hex");
}

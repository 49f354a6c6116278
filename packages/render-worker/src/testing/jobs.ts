import type { Coaching, RenderElement } from "@sideline/contracts";
import type { Job } from "../compositor/job.ts";

const plain: RenderElement = {
  id: 1,
  layer: 0,
  element_type: "video",
  bucket: "raw",
  path: "clip",
  text: null,
  style: null,
  x: null,
  y: null,
  width: null,
  height: null,
  fit_mode: "auto",
  start_seconds: 0,
  duration_seconds: null,
  trim_start_seconds: null,
  volume: null,
  opacity: null,
};

export function elementOf(said: Partial<RenderElement>): RenderElement {
  return { ...plain, ...said };
}

export function remarkOf(said: Partial<Coaching["remarks"][number]>): Coaching["remarks"][number] {
  return {
    feedback_id: 1,
    start_seconds: 1,
    end_seconds: 2,
    message: "Bend your knees.",
    language: "en-US",
    severity: "medium",
    audio: [{ path: "voice", format: "wav", duration_ms: 600 }],
    ...said,
  };
}

export function coachingOf(said: Partial<Coaching>): Coaching {
  const source = { bucket: "raw", path: "clip", duration_seconds: null };
  return { mode: "freeze", captions: false, remarks: [remarkOf({})], source, ...said };
}

/** A job of 320 by 180 pixels and 15 pictures a second. */
export function jobOf(said: Partial<Job> & Pick<Job, "output">): Job {
  const frame = { format: "mp4", width: 320, height: 180, fps: 15 } as const;
  const memoryBytes = 2 * 1024 ** 3;
  return { ...frame, options: {}, elements: [], coaching: null, files: {}, memoryBytes, ...said };
}

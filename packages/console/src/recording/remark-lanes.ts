import type { Feedback } from "@sideline/client";

/** Of a bar: beneath each other lie remarks that would hide each other. */
const lanesAtMost = 3;
/** More than these are drawn as ticks. */
const roomyAtMost = 40;

export interface Marker {
  remark: Feedback;
  lane: number;
  /** Shares of the clip, 0 to 1. */
  start: number;
  end: number;
}

export interface Lanes {
  markers: Marker[];
  count: number;
  isDense: boolean;
}

/** Where each remark stands on the bar; each in the first lane that is free, if there is one. */
export function layOut(feedback: Feedback[], duration: number): Lanes {
  const isDense = feedback.length > roomyAtMost;
  /** A head needs so much of a bar on a phone. */
  const head = isDense ? 0.012 : 0.05;
  const share = (seconds: number) => (duration > 0 ? Math.min(1, seconds / duration) : 0);
  const ends: number[] = [];
  const markers = feedback.map((remark) => {
    const start = share(remark.startSeconds);
    const end = Math.max(share(remark.endSeconds), start);
    const free = ends.findIndex((taken) => taken <= start);
    const isFull = free < 0 && ends.length >= lanesAtMost;
    const lane = isFull ? ends.indexOf(Math.min(...ends)) : free < 0 ? ends.length : free;
    ends[lane] = Math.max(ends[lane] ?? 0, end, start + head);
    return { remark, lane, start, end };
  });
  return { markers, count: Math.max(1, ends.length), isDense };
}

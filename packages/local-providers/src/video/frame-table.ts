import { type Edit, showings } from "./edit-list.ts";
import { usualGapOf } from "./statistics.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";

/** What a player shows of a track's frames. Seconds. */
export interface FrameTable {
  count: number;
  /** How long frames are shown, gaps left out. */
  shownSeconds: number;
  /** Where the last one ends. */
  end: number;
  /** From frame to frame in the track's own time, as is usual. */
  usualGap: number;
}

/** One compressed frame in its track's own time. Seconds, bytes. */
export interface CodedFrame {
  time: number;
  /** 0 where the container does not say. */
  duration: number;
  bytes: number;
}

/** How long a lone frame is shown of which nobody says it. */
const LONE_FRAME_SECONDS = 1 / 30;

/** What an index spends on a frame at least, nearly. */
const LISTING_BYTES = 4;
/** Some share samples between tracks, or list them twice. */
const CLAIM_TOLERANCE = 2;
const LEAST_CLAIM = 100_000;

/** Collects the frames of a track, in any order: of each its time, so that millions fit. */
export class FrameCollector {
  #times = new Float64Array(1024);
  #count = 0;
  #lastTime = Number.NEGATIVE_INFINITY;
  #lastDuration = 0;
  #firstTime = Number.POSITIVE_INFINITY;

  readonly #mostBytes: number;
  #claimedBytes = 0;

  /** `fileBytes` is how much there is at all, frames and what lists them. */
  constructor(fileBytes: number) {
    this.#mostBytes = CLAIM_TOLERANCE * fileBytes + LEAST_CLAIM;
  }

  /** Of the first shown frame; infinite without frames. */
  get firstTime(): number {
    return this.#firstTime;
  }

  get lastTime(): number {
    return this.#lastTime;
  }

  /** Throws UnreadableVideoError for an index that lists more than the file can hold. */
  add({ time, duration, bytes }: CodedFrame): void {
    this.#claimedBytes += bytes + LISTING_BYTES;
    if (this.#claimedBytes > this.#mostBytes) {
      throw new UnreadableVideoError(
        "damaged",
        "The video is damaged: its index lists more frames than the file can hold.",
      );
    }
    if (this.#count === this.#times.length) {
      const wider = new Float64Array(2 * this.#count);
      wider.set(this.#times);
      this.#times = wider;
    }
    this.#times[this.#count] = time;
    this.#count += 1;
    this.#firstTime = Math.min(this.#firstTime, time);
    if (time < this.#lastTime) return;
    this.#lastTime = time;
    this.#lastDuration = duration;
  }

  /** The frames as `edits` show them. Each lasts until the next begins. */
  table(edits: readonly Edit[]): FrameTable {
    const times = this.#times.slice(0, this.#count).sort();
    const usualGap = usualGapOf(times) || this.#lastDuration || LONE_FRAME_SECONDS;
    const lasts = this.#lastDuration || usualGap;
    const table: FrameTable = { count: 0, shownSeconds: 0, end: 0, usualGap };
    for (const [place, time] of times.entries()) {
      for (const { start, end } of showings(edits, time, times[place + 1] ?? time + lasts)) {
        table.count += 1;
        table.shownSeconds += end - start;
        table.end = Math.max(table.end, end);
      }
    }
    return table;
  }
}

import { type Edit, showings } from "./edit-list.ts";
import { usualGapOf } from "./statistics.ts";
import { UnreadableVideoError } from "./unreadable-video.ts";

/** Frames in the order a player shows them, in columns, so that millions fit. */
export interface FrameTable {
  count: number;
  /** Seconds of the player's time. */
  starts: Float64Array;
  effort: Float64Array;
  /** 1 for a frame that is coded on its own. */
  keys: Uint8Array;
  /** Seconds of the track's own time, from its first frame. */
  mediaTimes: Float64Array;
  /** How long frames are shown, gaps left out. Seconds. */
  shownSeconds: number;
  /** Where the last one ends. */
  end: number;
}

/** One compressed frame in its track's own time. Seconds, bytes. */
export interface CodedFrame {
  time: number;
  /** 0 where the container does not say. */
  duration: number;
  /** What it took to code, at a quality that is the same for all; null where that cannot be told. */
  effort: number | null;
  bytes: number;
  isKey: boolean;
}

/** How long a lone frame is shown of which nobody says it. */
const LONE_FRAME_SECONDS = 1 / 30;

/** What an index spends on a frame at least, nearly. */
const LISTING_BYTES = 4;
/** Some share samples between tracks, or list them twice. */
const CLAIM_TOLERANCE = 2;
const LEAST_CLAIM = 100_000;

/** Collects the frames of a track, in any order. */
export class FrameCollector {
  #times = new Float64Array(1024);
  #efforts = new Float64Array(1024);
  #bytes = new Float64Array(1024);
  #keys = new Uint8Array(1024);
  #count = 0;
  #hasEfforts = true;
  #lastTime = Number.NEGATIVE_INFINITY;
  #lastDuration = 0;
  #firstTime = Number.POSITIVE_INFINITY;

  readonly #mostBytes: number;
  #claimedBytes = 0;

  /** `fileBytes` is how much there is at all, frames and what lists them. */
  constructor(fileBytes: number) {
    this.#mostBytes = CLAIM_TOLERANCE * fileBytes + LEAST_CLAIM;
  }

  get count(): number {
    return this.#count;
  }

  /** Of the first shown frame; infinite without frames. */
  get firstTime(): number {
    return this.#firstTime;
  }

  get lastTime(): number {
    return this.#lastTime;
  }

  /** Throws UnreadableVideoError for an index that lists more than the file can hold. */
  add({ time, duration, effort, bytes, isKey }: CodedFrame): void {
    this.#claimedBytes += bytes + LISTING_BYTES;
    if (this.#claimedBytes > this.#mostBytes) {
      throw new UnreadableVideoError(
        "damaged",
        "The video is damaged: its index lists more frames than the file can hold.",
      );
    }
    if (this.#count === this.#times.length) this.#grow();
    this.#times[this.#count] = time;
    this.#efforts[this.#count] = effort ?? 0;
    this.#bytes[this.#count] = bytes;
    this.#keys[this.#count] = isKey ? 1 : 0;
    this.#count += 1;
    this.#hasEfforts &&= effort !== null;
    this.#firstTime = Math.min(this.#firstTime, time);
    if (time < this.#lastTime) return;
    this.#lastTime = time;
    this.#lastDuration = duration;
  }

  /** The frames as `edits` show them. Each lasts until the next begins. */
  table(edits: readonly Edit[]): FrameTable {
    const order = new Uint32Array(this.#count).map((_, index) => index);
    order.sort((a, b) => (this.#times[a] ?? 0) - (this.#times[b] ?? 0));
    const times = Float64Array.from(order, (frame) => this.#times[frame] ?? 0);
    const lasts = this.#lastDuration || usualGapOf(times) || LONE_FRAME_SECONDS;
    const shown: { start: number; end: number; frame: number }[] = [];
    let shownSeconds = 0;
    let last = 0;
    for (const [place, frame] of order.entries()) {
      const time = times[place] ?? 0;
      for (const { start, end } of showings(edits, time, times[place + 1] ?? time + lasts)) {
        shown.push({ start, end, frame });
        shownSeconds += end - start;
        last = Math.max(last, end);
      }
    }
    shown.sort((a, b) => a.start - b.start);
    // One scale for all: where one frame's effort is not known, bytes stand for all of them.
    const efforts = this.#hasEfforts ? this.#efforts : this.#bytes;
    return {
      count: shown.length,
      starts: Float64Array.from(shown, ({ start }) => start),
      effort: Float64Array.from(shown, ({ frame }) => efforts[frame] ?? 0),
      mediaTimes: Float64Array.from(
        shown,
        ({ frame }) => (this.#times[frame] ?? 0) - this.#firstTime,
      ),
      keys: Uint8Array.from(shown, ({ frame }) => this.#keys[frame] ?? 0),
      shownSeconds,
      end: last,
    };
  }

  #grow(): void {
    const wider = (column: Float64Array<ArrayBuffer>) => {
      const made = new Float64Array(column.length * 2);
      made.set(column);
      return made;
    };
    this.#times = wider(this.#times);
    this.#efforts = wider(this.#efforts);
    this.#bytes = wider(this.#bytes);
    const keys = new Uint8Array(this.#keys.length * 2);
    keys.set(this.#keys);
    this.#keys = keys;
  }
}

import type { VideoFacts } from "./inspect-video.ts";
import { Inspection, tooCostly } from "./inspection.ts";
import { Lane } from "./lane.ts";

/** A minute of video takes a second or two, where nothing else runs. */
const QUICK_MS = 10_000;
const USUAL_TIMEOUT_MS = 120_000;
const QUICK_PLACES = 2;
const SLOW_PLACES = 2;

/**
 * Inspects videos in processes, a few at a time, each with limits on time and memory. A damaged
 * index can claim billions of frames and keep a reader busy for minutes without a pause, or fill
 * the heap, which ends a whole process even from a thread. Apart, that costs one file its answer.
 *
 * What is not done after {@link QUICK_MS} makes room for those behind it: it goes on in the slow
 * lane at a lower priority, or begins anew there when a place is free. So a file that stops the
 * reader holds up others for so long at most, however many of them somebody sends.
 */
export class Inspector {
  readonly #timeoutMs: number;
  readonly #quickMs: number;
  readonly #quick = new Lane(QUICK_PLACES);
  readonly #slow = new Lane(SLOW_PLACES);
  readonly #running = new Set<Inspection>();
  #isStopped = false;

  constructor({
    timeoutMs = USUAL_TIMEOUT_MS,
    quickMs = QUICK_MS,
  }: { timeoutMs?: number; quickMs?: number } = {}) {
    this.#timeoutMs = timeoutMs;
    this.#quickMs = Math.min(quickMs, timeoutMs);
  }

  /** Throws {@link UnreadableVideoError} when the file is not a whole video. */
  async inspect(path: string): Promise<VideoFacts> {
    await this.#quick.enter();
    let inspection: Inspection | null = null;
    try {
      inspection = this.#start(path);
      const facts = await inspection.within(this.#quickMs);
      if (facts !== null) {
        this.#end(inspection);
        return facts;
      }
      if (!this.#slow.enterAtOnce()) {
        this.#end(inspection);
        inspection = null;
      }
    } catch (error) {
      if (inspection !== null) this.#end(inspection);
      throw error;
    } finally {
      this.#quick.leave();
    }
    if (inspection === null) await this.#slow.enter();
    return await this.#inspectSlowly(inspection, path);
  }

  /** Ends all inspections; they throw. */
  stop(): void {
    this.#isStopped = true;
    for (const inspection of this.#running) inspection.stop();
  }

  async #inspectSlowly(begun: Inspection | null, path: string): Promise<VideoFacts> {
    let inspection = begun;
    try {
      inspection ??= this.#start(path);
      inspection.giveWay();
      const facts = (await inspection.within(this.#timeoutMs - this.#quickMs)) ?? inspection.early;
      if (facts === null) throw tooCostly();
      return facts;
    } finally {
      if (inspection !== null) this.#end(inspection);
      this.#slow.leave();
    }
  }

  #start(path: string): Inspection {
    if (this.#isStopped) throw new Error("the inspector was stopped");
    const inspection = new Inspection(path);
    this.#running.add(inspection);
    return inspection;
  }

  #end(inspection: Inspection): void {
    inspection.stop();
    this.#running.delete(inspection);
  }
}

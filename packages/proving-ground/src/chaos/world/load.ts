import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../random.ts";
import type { Owner } from "./owners.ts";
import type { World } from "./world.ts";

export interface Load {
  /** Recordings whose owner was told that they have arrived. */
  readonly added: number;
  /** Adds one recording now, of anybody's unless told whose, and returns once it is there. */
  addOne(owner?: Owner): Promise<void>;
  /** Adds recordings whenever fewer than `backlog` items are open, until stopped. */
  keepBusy(backlog: number): void;
  stop(): Promise<void>;
}

const lookEveryMs = 250;
const retryMs = 200;
/** Of a recording with a few remarks. */
const itemsOfUpload = 5;

/**
 * Plays the owners' apps: a row, then the object, then, not always, word that it is complete; else
 * the database has to notice. What fails is tried again, as an app would.
 */
export function createLoad({ owners, sql }: World, random: Random): Load {
  const stopping = new AbortController();
  let added = 0;
  let begun = 0;
  let running: Promise<void> = Promise.resolve();

  async function addOne(owner = random.pick(owners)): Promise<void> {
    begun += 1;
    const path = `${owner.userId}/${begun}.mp4`;
    await untilItWorks(() => insertRow(owner, path));
    await untilItWorks(() => copyClip(owner, path));
    if (random.chance(0.5)) await untilItWorks(() => markUploaded(owner, path));
    added += 1;
  }

  async function openItems(): Promise<number> {
    const [found] = await sql<{ open: number }>`
      select (count(*) + ${itemsOfUpload - 1} * count(*) filter (where stage = 'upload'))::int as open
      from pipeline.tasks`;
    return found?.open ?? 0;
  }

  async function run(backlog: number): Promise<void> {
    while (!stopping.signal.aborted) {
      const open = await openItems().catch(() => backlog);
      for (let more = open; more < backlog && !stopping.signal.aborted; more += itemsOfUpload)
        await addOne();
      await sleep(lookEveryMs);
    }
  }

  return {
    get added() {
      return added;
    },
    addOne,
    keepBusy(backlog) {
      running = run(backlog);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function untilItWorks(work: () => Promise<boolean>): Promise<void> {
  while (!(await work().catch(() => false))) await sleep(retryMs);
}

async function insertRow(owner: Owner, path: string): Promise<boolean> {
  const { error } = await owner.client
    .from("video_recordings")
    .insert({ filename: "clip.mp4", storage_path: path, mime_type: "video/mp4" });
  // The answer to an earlier try got lost.
  return error === null || error.code === "23505";
}

async function copyClip(owner: Owner, path: string): Promise<boolean> {
  const bucket = owner.client.storage.from("raw");
  const { error } = await bucket.copy(owner.clip, path);
  return error === null || (await bucket.exists(path)).data;
}

async function markUploaded(owner: Owner, path: string): Promise<boolean> {
  const { error } = await owner.client
    .from("video_recordings")
    .update({ upload_status: "completed" })
    .eq("storage_path", path);
  return error === null;
}

import { setTimeout as sleep } from "node:timers/promises";
import {
  addRecording,
  pathFor,
  sampleClip,
  uploadVideo,
} from "../../../../../supabase/functions/_shared/testing/recordings.ts";
import { createUser, type TestUser } from "../../support/create-user.ts";
import type { StackProcess } from "../start-stack-process.ts";

/** What people saw from outside; milliseconds. */
export interface Seen {
  uploads: number;
  /** Uploads that the API refused. */
  refused: string[];
  /** How long adding a recording took, its triggers included. */
  added: number[];
  /** From a commit until its owner's app was told. */
  told: number[];
}

export interface Crowd {
  seen: Seen;
  /** Everybody uploads once in so many seconds, beginning anywhere within them. */
  upload(forSeconds: number, everySeconds: number): Promise<void>;
  leave(): Promise<void>;
}

const atOnce = 4;

/** People with an app each that watches their remarks over Realtime. */
export async function gather(stack: StackProcess, count: number): Promise<Crowd> {
  const clip = await sampleClip();
  const seen: Seen = { uploads: 0, refused: [], added: [], told: [] };
  const people: TestUser[] = [];
  // Few at once: Auth hashes one password after the other, and does not keep callers waiting for long.
  for (let n = 0; n < count; n += atOnce) {
    const more = Math.min(atOnce, count - n);
    people.push(...(await Promise.all(Array.from({ length: more }, () => arrive(stack, seen)))));
  }

  const uploadOnce = async (person: TestUser): Promise<void> => {
    const path = pathFor(person);
    try {
      await uploadVideo(person, path, clip);
      const began = performance.now();
      await addRecording(person, "completed", path);
      seen.added.push(performance.now() - began);
      seen.uploads += 1;
    } catch (error) {
      seen.refused.push(error instanceof Error ? error.message : JSON.stringify(error));
    }
  };

  return {
    seen,
    async upload(forSeconds, everySeconds) {
      const ends = performance.now() + forSeconds * 1000;
      await Promise.all(
        people.map(async (person, place) => {
          // Spread evenly, so that a run of any length has the same pace from its beginning.
          await sleep(1000 * Math.min((everySeconds * place) / count, forSeconds));
          while (performance.now() < ends) {
            const next = performance.now() + everySeconds * 1000;
            await uploadOnce(person);
            await sleep(Math.max(0, Math.min(next, ends) - performance.now()));
          }
        }),
      );
    },
    async leave() {
      await Promise.all(people.map(({ client }) => client.removeAllChannels()));
    },
  };
}

async function arrive(stack: StackProcess, seen: Seen): Promise<TestUser> {
  const person = await createUser(stack, "load");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  person.client
    .channel("feedback")
    .on(
      "postgres_changes",
      // As the client does; without it each change would be asked about for everybody.
      {
        event: "*",
        schema: "public",
        table: "analysis_feedback",
        filter: `user_id=eq.${person.userId}`,
      },
      ({ commit_timestamp }) => seen.told.push(Date.now() - Date.parse(commit_timestamp)),
    )
    .on("system", {}, ({ status, message }) => {
      if (status === "ok") resolve();
      else reject(new Error(`Realtime: ${message}`));
    })
    .subscribe();
  await promise;
  return person;
}

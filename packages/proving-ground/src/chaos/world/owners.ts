import type { Stack } from "@sideline/local-stack";
import {
  testClip,
  uploadVideo,
} from "../../../../../supabase/functions/_shared/testing/recordings.ts";
import { createUser, type TestUser } from "../../support/create-user.ts";

/** Somebody with an account, and one clip in the storage that all their recordings are copies of. */
export interface Owner extends TestUser {
  clip: string;
}

export async function createOwners(stack: Stack, count: number): Promise<Owner[]> {
  // Ten seconds of video in 19 kB, with two bursts of movement to speak of.
  const video = await testClip("index-last.mp4");
  const owners: Owner[] = [];
  for (let number = 1; number <= count; number++) {
    const user = await createUser(stack, `owner-${number}`);
    const clip = `${user.userId}/clip.mp4`;
    await uploadVideo(user, clip, video);
    owners.push({ ...user, clip });
  }
  return owners;
}

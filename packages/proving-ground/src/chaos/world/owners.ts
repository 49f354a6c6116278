import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Stack } from "@sideline/local-stack";
import { projectDirectory } from "@sideline/local-stack";
import { createUser, type TestUser } from "../../support/create-user.ts";

/** Somebody with an account, and one clip in the storage that all their recordings are copies of. */
export interface Owner extends TestUser {
  clip: string;
}

/** Ten seconds of video in 19 kB, with two bursts of movement to speak of. */
const clipFile = "packages/local-providers/test-media/index-last.mp4";

export async function createOwners(stack: Stack, count: number): Promise<Owner[]> {
  const clip = new Blob([await readFile(path.join(projectDirectory, clipFile))], {
    type: "video/mp4",
  });
  const owners: Owner[] = [];
  for (let number = 1; number <= count; number++) {
    const user = await createUser(stack, `owner-${number}`);
    const name = `${user.userId}/clip.mp4`;
    const { error } = await user.client.storage
      .from("raw")
      .upload(name, clip, { contentType: "video/mp4" });
    if (error) throw error;
    owners.push({ ...user, clip: name });
  }
  return owners;
}

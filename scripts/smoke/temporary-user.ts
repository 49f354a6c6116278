import { randomUUID } from "node:crypto";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { SmokeContext } from "./run-smoke.ts";

export interface TemporaryUser {
  userId: string;
  client: SupabaseClient<Database>;
}

/**
 * A signed-in user who is removed when the check ends, and their rows with them. Made with the
 * secret key, because a hosted project lets nobody sign in before an address was confirmed.
 */
export async function createTemporaryUser(
  { place, cleanUp }: Pick<SmokeContext, "place" | "cleanUp">,
  name: string,
): Promise<TemporaryUser> {
  const email = `${name}-${randomUUID()}@sideline.test`;
  const password = randomUUID();
  const { data, error } = await place.service.auth.admin.createUser({
    email,
    password,
    email_confirm: true,
  });
  if (error) throw error;
  cleanUp(async () => {
    const removal = await place.service.auth.admin.deleteUser(data.user.id);
    if (removal.error) throw removal.error;
  });
  const client = place.anonymous();
  const signedIn = await client.auth.signInWithPassword({ email, password });
  if (signedIn.error) throw signedIn.error;
  return { userId: data.user.id, client };
}

/** A recording of the sample clip; the object is uploaded by whoever checks it. @returns its id */
export async function addRecording(
  { userId, client }: TemporaryUser,
  path: string,
  uploadStatus: string,
): Promise<number> {
  const { data } = await client
    .from("video_recordings")
    .insert({
      user_id: userId,
      filename: "rally.mp4",
      original_filename: "rally.mp4",
      storage_path: path,
      mime_type: "video/mp4",
      upload_status: uploadStatus,
    })
    .select("id")
    .single()
    .throwOnError();
  return data.id;
}

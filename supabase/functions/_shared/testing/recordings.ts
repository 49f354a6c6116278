import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { TestUser } from "@sideline/proving-ground/testing";

const sample = new URL("../../../../samples/rally.mp4", import.meta.url);

/** Tests only: the sample clip's bytes. */
export async function sampleClip(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(sample));
}

const testMedia = new URL("../../../../packages/local-providers/test-media/", import.meta.url);

/** Tests only: one of the offline providers' clips. */
export async function testClip(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(name, testMedia)));
}

export interface NewRecording {
  id: number;
  path: string;
}

/** Tests only: where the user may put one more video. */
export function pathFor({ userId }: TestUser): string {
  return `${userId}/${randomUUID()}.mp4`;
}

/** Tests only: a recording of the user's that waits for its upload, unless it is said to be there. */
export async function addRecording(
  user: TestUser,
  uploadStatus = "pending",
  path = pathFor(user),
): Promise<NewRecording> {
  const { data, error } = await user.client
    .from("video_recordings")
    .insert({
      filename: "clip.mp4",
      storage_path: path,
      mime_type: "video/mp4",
      upload_status: uploadStatus,
    })
    .select("id")
    .single();
  if (error) throw error;
  return { id: data.id, path };
}

/** Tests only: uploads bytes as the user does, with `upsert` over what was there. */
export async function uploadVideo(
  user: TestUser,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  upsert = false,
): Promise<void> {
  const { error } = await user.client.storage
    .from("raw")
    .upload(path, new Blob([bytes], { type: "video/mp4" }), { contentType: "video/mp4", upsert });
  if (error) throw error;
}

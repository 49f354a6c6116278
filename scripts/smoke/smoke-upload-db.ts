/**
 * The database's part of an upload: the file goes to a temporary path, moves to the user's path,
 * the status is set, and the trigger alone makes the analysis job, once.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { runSmoke } from "./run-smoke.ts";
import { readSampleClip } from "./sample-clip.ts";
import { addRecording, createTemporaryUser } from "./temporary-user.ts";

await runSmoke({
  help: "Uploads to a temporary path, moves the file, sets the status: one analysis job appears.",
  async check(context) {
    const { place, say, cleanUp } = context;
    const owner = await createTemporaryUser(context, "owner");
    const { userId, client } = owner;
    const clip = await readSampleClip();
    const raw = place.service.storage.from("raw");
    const temporary = `temporary/${randomUUID()}.mp4`;
    const path = `${userId}/${randomUUID()}.mp4`;
    cleanUp(() => raw.remove([temporary, path]));

    const uploaded = await raw.upload(temporary, clip, { contentType: "video/mp4" });
    assert.equal(uploaded.error, null, `upload refused: ${uploaded.error?.message}`);
    say("uploaded to a temporary path");

    const recordingId = await addRecording(owner, path, "pending");
    const jobs = async () => {
      const { data } = await client
        .from("analysis_jobs")
        .select("id, status")
        .eq("video_recording_id", recordingId)
        .throwOnError();
      return data;
    };
    assert.deepEqual(await jobs(), [], "a job exists before the upload was complete");

    const moved = await raw.move(temporary, path);
    assert.equal(moved.error, null, `move refused: ${moved.error?.message}`);
    say("moved to the user's path");

    const setStatus = (upload_status: string) =>
      client
        .from("video_recordings")
        .update({ upload_status })
        .eq("id", recordingId)
        .throwOnError();
    await setStatus("completed");
    const [job, ...others] = await jobs();
    assert.ok(job, "setting the status made no analysis job");
    assert.equal(others.length, 0, "setting the status made more than one job");
    say(`job ${job.id} appeared by the trigger alone`);

    await setStatus("completed");
    const again = await jobs();
    assert.deepEqual(
      again.map(({ id }) => id),
      [job.id],
      "setting the status again made another job",
    );
    say("setting the status again makes no second job");
  },
});

/** A clip in, audible feedback out: the whole pipeline, started by nothing but the upload. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readWav, requireAudible } from "../../supabase/functions/_shared/audio/wav.ts";
import type { RecordingState } from "../demo/recording-state.ts";
import { watchRecording } from "../demo/watch-recording.ts";
import { runSmoke } from "./run-smoke.ts";
import { readSampleClip } from "./sample-clip.ts";
import { createTemporaryUser } from "./temporary-user.ts";

await runSmoke({
  help: "Uploads the sample clip and waits until every feedback can be heard.",
  async check(context) {
    const { place, say, cleanUp } = context;
    const { userId, client } = await createTemporaryUser(context, "owner");
    const clip = await readSampleClip();
    const path = `${userId}/${randomUUID()}.mp4`;

    const { data: recording } = await client
      .from("video_recordings")
      .insert({
        user_id: userId,
        filename: "rally.mp4",
        original_filename: "rally.mp4",
        storage_path: path,
        mime_type: "video/mp4",
        file_size: clip.size,
        upload_status: "uploading",
      })
      .select("id")
      .single()
      .throwOnError();
    cleanUp(() => place.service.storage.from("raw").remove([path]));
    const uploaded = await client.storage.from("raw").upload(path, clip);
    assert.equal(uploaded.error, null, `upload refused: ${uploaded.error?.message}`);
    say("uploaded; nothing else is called");

    let last: RecordingState | null = null;
    for await (const state of watchRecording(client, recording.id, say)) last = state;
    assert.equal(last?.job?.status, "completed", `analysis failed: ${last?.job?.lastError}`);
    assert.ok(last.feedback.length > 0, "the analysis found no feedback");
    say(`analysed by ${last.job.model}: ${last.feedback.length} feedback`);

    const { data: segments } = await client
      .from("analysis_audio_segments")
      .select("feedback_id, audio_url")
      .in(
        "feedback_id",
        last.feedback.map(({ id }) => id),
      )
      .throwOnError();
    cleanUp(() =>
      place.service.storage.from("processed").remove(segments.map(({ audio_url }) => audio_url)),
    );
    for (const item of last.feedback) {
      const parts = segments.filter(({ feedback_id }) => feedback_id === item.id);
      assert.ok(parts.length > 0, `feedback ${item.id} has no audio: ${item.errorCode}`);
      for (const { audio_url } of parts) {
        const { data, error } = await client.storage.from("processed").download(audio_url);
        assert.ok(data, `${audio_url} cannot be downloaded: ${error?.message}`);
        const facts = readWav(new Uint8Array(await data.arrayBuffer()));
        requireAudible(facts);
        assert.ok(facts.durationMs > 500, `${audio_url} is too short`);
        say(`feedback ${item.id} can be heard: ${(facts.durationMs / 1000).toFixed(1)} s`);
      }
    }
  },
});

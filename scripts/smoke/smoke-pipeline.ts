/** A clip in, audible feedback out: the whole pipeline, started by nothing but the upload. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createSideline, feedbackProblem, whenSettled } from "@sideline/client";
import { readWav, requireAudible } from "../../supabase/functions/_shared/audio/wav.ts";
import { runSmoke } from "./run-smoke.ts";
import { readSampleClip } from "./sample-clip.ts";
import { addRecording, createTemporaryUser } from "./temporary-user.ts";

await runSmoke({
  help: "Uploads the sample clip and waits until every feedback can be heard.",
  async check(context) {
    const { place, say, cleanUp } = context;
    const owner = await createTemporaryUser(context, "owner");
    const { userId, client } = owner;
    const clip = await readSampleClip();
    const path = `${userId}/${randomUUID()}.mp4`;
    const recordingId = await addRecording(owner, path, "uploading");
    cleanUp(() => place.service.storage.from("raw").remove([path]));
    const uploaded = await client.storage.from("raw").upload(path, clip);
    assert.equal(uploaded.error, null, `upload refused: ${uploaded.error?.message}`);
    say("uploaded; nothing else is called");

    const watched = createSideline(client).watchRecording(recordingId);
    cleanUp(() => watched.stop());
    const { job, feedback } = await whenSettled(watched.store, { patienceMs: 120_000 });
    assert.equal(job?.status, "completed", `analysis failed: ${job?.lastError}`);
    assert.ok(feedback.length > 0, "the analysis found no feedback");
    say(`analysed by ${job.model}: ${feedback.length} feedback`);

    const paths = feedback.flatMap((item) => item.audioSegments.map(({ path: sound }) => sound));
    cleanUp(() => place.service.storage.from("processed").remove(paths));
    for (const item of feedback) {
      const code = feedbackProblem(item)?.errorCode;
      assert.ok(item.audioSegments.length > 0, `feedback ${item.id} has no audio: ${code}`);
      for (const { path: sound } of item.audioSegments) {
        const { data, error } = await client.storage.from("processed").download(sound);
        assert.ok(data, `${sound} cannot be downloaded: ${error?.message}`);
        const facts = readWav(new Uint8Array(await data.arrayBuffer()));
        requireAudible(facts);
        assert.ok(facts.durationMs > 500, `${sound} is too short`);
        say(`feedback ${item.id} can be heard: ${(facts.durationMs / 1000).toFixed(1)} s`);
      }
    }
  },
});

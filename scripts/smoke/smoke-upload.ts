/** A user uploads into their own folder, directly and by signed URL, and into nobody else's. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { runSmoke } from "./run-smoke.ts";
import { readSampleClip } from "./sample-clip.ts";
import { createTemporaryUser } from "./temporary-user.ts";

await runSmoke({
  help: "Uploads to bucket raw: directly and by signed URL, allowed in one's own folder only.",
  async check(context) {
    const { place, say, cleanUp } = context;
    const clip = await readSampleClip();
    const owner = await createTemporaryUser(context, "owner");
    const stranger = await createTemporaryUser(context, "stranger");
    const bucket = owner.client.storage.from("raw");
    const own = (name: string) => `${owner.userId}/${name}-${randomUUID()}.mp4`;
    const remove = (path: string) =>
      cleanUp(() => place.service.storage.from("raw").remove([path]));

    const direct = own("direct");
    remove(direct);
    const uploaded = await bucket.upload(direct, clip, { contentType: "video/mp4" });
    assert.equal(uploaded.error, null, `direct upload refused: ${uploaded.error?.message}`);
    say("direct upload to one's own folder");

    const signed = own("signed");
    remove(signed);
    const url = await bucket.createSignedUploadUrl(signed);
    assert.ok(url.data, `signed upload URL refused: ${url.error?.message}`);
    const put = await place
      .anonymous()
      .storage.from("raw")
      .uploadToSignedUrl(signed, url.data.token, clip, { contentType: "video/mp4" });
    assert.equal(put.error, null, `upload by signed URL refused: ${put.error?.message}`);
    say("upload by signed URL to one's own folder");

    for (const path of [direct, signed]) {
      const back = await bucket.download(path);
      assert.equal(back.data?.size, clip.size, `${path} did not come back whole`);
    }
    say("both files come back whole");

    const foreign = `${stranger.userId}/${randomUUID()}.mp4`;
    remove(foreign);
    const intruding = await bucket.upload(foreign, clip, { contentType: "video/mp4" });
    assert.ok(intruding.error, "a direct upload to a stranger's folder was accepted");
    const intrudingUrl = await bucket.createSignedUploadUrl(foreign);
    assert.ok(intrudingUrl.error, "a signed URL for a stranger's folder was given out");
    const { data: found } = await stranger.client.storage.from("raw").exists(foreign);
    assert.equal(found, false, "an object appeared in the stranger's folder");
    say("neither works in a stranger's folder");
  },
});

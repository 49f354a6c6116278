/** "Your feedback is ready", from a contact to a mail and a webhook: nothing in between is ours. */
import { createHmac } from "node:crypto";
import { createUser } from "@sideline/proving-ground/testing";
import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { z } from "zod";
import { getJson } from "../_shared/testing/call-function.ts";
import { jsonBody, type ReceivedRequest, serveHttp } from "../_shared/testing/http-server.ts";
import { addRecording, sampleClip, uploadVideo } from "../_shared/testing/recordings.ts";

const stack = inject("stack");

async function mailsTo(address: string): Promise<string[]> {
  const url = `${stack.apiUrl}/inbox/api/v1/search?query=to:${address}`;
  const schema = z.object({ messages: z.array(z.object({ Subject: z.string() })) });
  const { messages } = await getJson(url, schema, { apikey: stack.secretKey });
  return messages.map(({ Subject }) => Subject).filter((subject) => subject.includes("eedback"));
}

test("who wants to be told is mailed and called once, when a video can be heard", {
  timeout: 180_000,
}, async () => {
  const { url, received: called } = await serveHttp(() => new Response(""));
  const user = await createUser(stack, "told");
  const contacts = await user.client
    .from("contacts")
    .insert([
      { contact_type: "email", address: user.email, topics: ["feedback_ready"], enabled: true },
      {
        contact_type: "webhook",
        address: `${url}/hook`,
        topics: ["feedback_ready"],
        enabled: true,
      },
      {
        contact_type: "webhook",
        address: `${url}/off`,
        topics: ["feedback_ready"],
        enabled: false,
      },
    ])
    .select("address, signing_secret");
  expect(contacts.error).toBeNull();
  const db = new pg.Client(stack.dbUrl);
  await db.connect();
  onTestFinished(() => db.end());

  const recording = await addRecording(user);
  await uploadVideo(user, recording.path, await sampleClip());
  const heard = async () => {
    const { data } = await user.client.from("analysis_feedback").select("id, audio_status");
    return (data ?? []).map(({ audio_status }) => audio_status);
  };
  const allHeard = () =>
    expect
      .poll(async () => new Set(await heard()), { timeout: 120_000, interval: 250 })
      .toEqual(new Set(["completed"]));
  const uploaded = { upload_status: "completed" as const, language: "de-DE" };
  await user.client.from("video_recordings").update(uploaded).eq("id", recording.id);
  await allHeard();
  // What cron does each minute.
  await db.query("select pipeline.announce_feedback()");
  await expect.poll(() => called.length).toBe(1);
  await expect.poll(() => mailsTo(user.email)).toEqual(["Dein Feedback zu clip.mp4 ist da"]);

  const [{ headers, body, path } = {} as ReceivedRequest] = called;
  expect(path).toBe("/hook");
  const secret = contacts.data?.find(({ address }) => address === `${url}/hook`)?.signing_secret;
  const signed = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.`;
  const key = Buffer.from(secret?.replace("whsec_", "") ?? "", "base64");
  const digest = createHmac("sha256", key).update(signed).update(body).digest("base64");
  expect(headers.get("webhook-signature")).toBe(`v1,${digest}`);
  expect(jsonBody(called[0] as ReceivedRequest)).toMatchObject({
    type: "feedback.ready",
    data: { video_recording_id: recording.id, remarks: (await heard()).length },
  });

  // Other words are spoken anew; that is told to nobody.
  const remark = await user.client.from("analysis_feedback").select("id").limit(1).single();
  const feedback_id = remark.data?.id ?? 0;
  await user.client.rpc("edit_feedback", { feedback_id, message: "Tiefer in die Knie." });
  await allHeard();
  await db.query("select pipeline.announce_feedback()");
  const messages = await user.client.from("message_queue").select("status, contact_type");
  expect(messages.data).toHaveLength(2);
  expect(called).toHaveLength(1);
});

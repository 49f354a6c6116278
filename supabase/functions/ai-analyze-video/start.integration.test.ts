import { type StageStatus, startResponseSchema, statusResponseSchema } from "@sideline/contracts";
import { createServiceClient, createUser, type TestUser } from "@sideline/proving-ground/testing";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { accepted, callFunction } from "../_shared/testing/call-function.ts";
import { eventually } from "../_shared/testing/eventually.ts";
import { addRecording, sampleClip, uploadVideo } from "../_shared/testing/recordings.ts";

const stack = inject("stack");
const name = "ai-analyze-video";
let owner: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  [owner, stranger] = await Promise.all([
    createUser(stack, "owner"),
    createUser(stack, "stranger"),
  ]);
});

const call = (user: TestUser, body: object, path = "") =>
  callFunction(stack, { name, token: user.accessToken, body, path });
const statusOf = async (user: TestUser, jobId: number) =>
  callFunction(stack, { name, token: user.accessToken, path: `/status/${jobId}` });

const noVideo = new TextEncoder().encode("This is no video. ".repeat(50));

async function started(recordingId: number): Promise<number> {
  const answer = await call(owner, { videoRecordingId: recordingId });
  return accepted(answer, startResponseSchema).analysisJobId;
}

const reached = (jobId: number, wanted: StageStatus) =>
  eventually(`the analysis is ${wanted}`, async () => {
    const status = accepted(await statusOf(owner, jobId), statusResponseSchema);
    return status.status === wanted && status;
  });

/** A job that failed: what was uploaded is no video. */
async function failedJob(): Promise<number> {
  const recording = await addRecording(owner);
  await uploadVideo(owner, recording.path, noVideo);
  const jobId = await started(recording.id);
  await reached(jobId, "failed");
  return jobId;
}

describe("start", () => {
  test("makes one job, however often and by whichever name it is called", async () => {
    const recording = await addRecording(owner);
    await uploadVideo(owner, recording.path, noVideo);

    const answers = await Promise.all([
      call(owner, { videoRecordingId: recording.id }),
      call(owner, { videoPath: recording.path }),
      call(owner, { videoRecordingId: recording.id }),
    ]);
    answers.push(await call(owner, { videoRecordingId: recording.id }));
    // The service may start anybody's.
    const body = { videoRecordingId: recording.id };
    answers.push(await callFunction(stack, { name, key: stack.secretKey, body }));

    const jobs = new Set(answers.map((one) => accepted(one, startResponseSchema).analysisJobId));
    expect(jobs.size).toBe(1);
    const { count } = await createServiceClient(stack)
      .from("analysis_jobs")
      .select("id", { count: "exact", head: true })
      .eq("video_recording_id", recording.id);
    expect(count).toBe(1);
  });

  test("waits for the bytes", async () => {
    const recording = await addRecording(owner);

    expect(await call(owner, { videoRecordingId: recording.id })).toMatchObject({
      status: 409,
      body: { code: "upload_incomplete" },
    });
  });

  test("of a video that was announced too early waits for it", async () => {
    const recording = await addRecording(owner, "completed");
    const jobId = await started(recording.id);

    const waiting = await eventually("it says what it waits for", async () => {
      const status = accepted(await statusOf(owner, jobId), statusResponseSchema);
      return status.errorCode === "video_missing" && status;
    });
    expect(waiting).toMatchObject({ status: "queued", attempts: 0 });

    await uploadVideo(owner, recording.path, noVideo);
    await reached(jobId, "failed");
  });

  test("of a video that was replaced analyses the new one", async () => {
    const recording = await addRecording(owner);
    await uploadVideo(owner, recording.path, await sampleClip());
    const jobId = await started(recording.id);
    await reached(jobId, "completed");
    expect((await call(owner, { videoRecordingId: recording.id })).status).toBe(200);
    expect(await call(owner, { analysisJobId: jobId }, "/retry")).toMatchObject({
      status: 409,
      body: { code: "not_failed" },
    });

    await uploadVideo(owner, recording.path, noVideo, true);

    expect(await call(owner, { videoRecordingId: recording.id })).toMatchObject({
      status: 202,
      body: { analysisJobId: jobId, status: expect.stringMatching(/queued|processing|failed/) },
    });
    expect(await reached(jobId, "failed")).toMatchObject({ errorCode: "video_unreadable" });
  });

  test("tells a stranger nothing and changes nothing", async () => {
    const recording = await addRecording(owner);
    await uploadVideo(owner, recording.path, noVideo);

    const answers = [
      await call(stranger, { videoRecordingId: recording.id }),
      await call(stranger, { videoPath: recording.path }),
      await call(stranger, { videoRecordingId: 2 ** 40 }),
    ];

    for (const answer of answers) {
      expect(answer).toEqual({
        status: 404,
        body: { code: "not_found", message: "There is no such recording of yours." },
      });
    }
  });
});

describe("status and retry", () => {
  test("a failed analysis says why, and is queued again by its owner alone", async () => {
    const jobId = await failedJob();

    const answer = await statusOf(owner, jobId);
    expect(answer.body).toMatchObject({
      status: "failed",
      errorCode: "video_unreadable",
      error: expect.stringMatching(/\.$/),
      feedback: [],
    });
    const { videoRecordingId } = accepted(answer, statusResponseSchema);
    expect(await call(owner, { videoRecordingId })).toMatchObject({
      status: 200,
      body: { status: "failed" },
    });
    expect((await statusOf(stranger, jobId)).status).toBe(404);
    expect((await call(stranger, { analysisJobId: jobId }, "/retry")).status).toBe(404);

    expect(await call(owner, { analysisJobId: jobId }, "/retry")).toEqual({
      status: 202,
      body: { status: "queued" },
    });
    await reached(jobId, "failed");
  });

  test("its owner may retry it a few times, not for ever", async () => {
    const jobId = await failedJob();

    const answers = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      answers.push(await call(owner, { analysisJobId: jobId }, "/retry"));
      await reached(jobId, "failed");
    }

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429]);
    expect(answers.at(-1)?.body).toMatchObject({ code: "too_many_retries" });
  });

  test("the service may retry too, and only what failed", async () => {
    const jobId = await failedJob();
    const retry = () =>
      callFunction(stack, {
        name,
        key: stack.secretKey,
        path: "/retry",
        body: { analysisJobId: jobId },
      });

    expect((await retry()).status).toBe(202);
    expect([202, 409]).toContain((await retry()).status);
  });
});

describe("a call", () => {
  test.each([
    { videoRecordingId: "1" },
    { videoRecordingId: 1, videoPath: "x" },
    { videoRecordingId: -1 },
    { videoPath: "" },
    { videoPath: "someone/clip\u0000.mp4" },
    { videoPath: "someone/\ud800.mp4" },
    { other: 1 },
    [[1]],
    "no json",
  ])("that starts with %j is refused", async (body) => {
    const token = owner.accessToken;
    expect(await callFunction(stack, { name, token, body })).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  });

  test("that retries a stage of nobody's feedback, or none, is refused", async () => {
    const retry = (stage: string) => call(owner, { feedbackId: 2 ** 40, stage }, "/retry");

    expect(await retry("audio")).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await retry("analysis")).toMatchObject({ status: 400 });
  });

  test("without a body has the service work the queue", async () => {
    const answer = await callFunction(stack, { name, key: stack.secretKey, method: "POST" });

    expect(answer).toMatchObject({ status: 200, body: { lost: 0 } });
  });

  test.each([
    ["GET", "", 405],
    ["DELETE", "/retry", 405],
    ["POST", "/status/101", 405],
    ["POST", "/health", 405],
    ["GET", "/nowhere", 404],
    ["GET", "/status/0", 404],
    ["GET", "/status/abc", 404],
    ["GET", "/status/1e3", 404],
    ["GET", "/status/99999999999999999999", 404],
    ["GET", "/status/1/2", 404],
  ])("%s %s is %i", async (method, path, status) => {
    const token = owner.accessToken;

    expect((await callFunction(stack, { name, method, path, token })).status).toBe(status);
  });

  test.each([
    ["GET", "/status/101"],
    ["POST", "/retry"],
  ])("%s %s needs someone who is known", async (method, path) => {
    expect(await callFunction(stack, { name, method, path })).toMatchObject({ status: 401 });
  });
});

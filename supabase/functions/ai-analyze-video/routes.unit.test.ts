import { describe, expect, test } from "vitest";
import { owner, pending, stranger, uploaded, world } from "../_shared/testing/analyses-world.ts";

describe("start", () => {
  test("queues the analysis of a video that has arrived, once", async () => {
    const { call, woken } = world([{ ...pending }], [pending.path]);

    const first = await call(owner, "POST", "", { videoRecordingId: 1 });
    const second = await call(owner, "POST", "", { videoPath: pending.path });

    const body = { analysisJobId: 101, videoRecordingId: 1, status: "queued" };
    expect([first, second]).toEqual([
      { status: 202, body },
      { status: 200, body },
    ]);
    expect(woken).toEqual(["ai-analyze-video", "ai-analyze-video"]);
  });

  test("does not start before the bytes are there", async () => {
    const { call, rows } = world([{ ...pending }]);

    expect(await call(owner, "POST", "", { videoRecordingId: 1 })).toMatchObject({
      status: 409,
      body: { code: "upload_incomplete" },
    });
    expect(rows[0]?.uploaded).toBe(false);
  });

  test("of a video that was replaced begins anew, once", async () => {
    const { call, woken } = world([{ ...uploaded("completed"), replaced: true }]);

    const answers = [
      await call(owner, "POST", "", { videoRecordingId: 1 }),
      await call(owner, "POST", "", { videoRecordingId: 1 }),
    ];

    expect(answers.map(({ status, body }) => [status, body.status])).toEqual([
      [202, "queued"],
      [200, "queued"],
    ]);
    expect(woken).toHaveLength(2);
  });

  test("leaves a failed analysis failed", async () => {
    const { call, woken } = world([uploaded("failed")]);

    expect(await call(owner, "POST", "", { videoRecordingId: 1 })).toMatchObject({
      status: 200,
      body: { status: "failed" },
    });
    expect(woken).toEqual([]);
  });

  test.each([{ videoRecordingId: 1 }, { videoPath: pending.path }, { videoRecordingId: 99 }])(
    "a stranger cannot tell %j from nothing",
    async (body) => {
      const { call, rows } = world([{ ...pending }], [pending.path]);

      expect(await call(stranger, "POST", "", body)).toEqual({
        status: 404,
        body: { code: "not_found", message: "There is no such recording of yours." },
      });
      expect(rows[0]?.uploaded).toBe(false);
    },
  );

  test("the service may start anyone's", async () => {
    const { call } = world([{ ...pending }], [pending.path]);

    expect((await call("secret", "POST", "", { videoRecordingId: 1 })).status).toBe(202);
  });

  test.each([
    { videoRecordingId: "1" },
    { videoRecordingId: 1, videoPath: "x" },
    { videoRecordingId: -1 },
    { videoPath: "" },
    { videoPath: "someone/clip\u0000.mp4" },
    { videoPath: "someone/\ud800.mp4" },
    { other: 1 },
    [1],
    "no json",
  ])("refuses %j", async (body) => {
    const { call } = world([uploaded("queued")]);

    expect(await call(owner, "POST", "", body)).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  });
});

describe("the queue", () => {
  test.each([undefined, {}, ""])("is worked by the service with body %j", async (body) => {
    const { call, worked } = world([]);

    expect(await call("secret", "POST", "", body)).toEqual({ status: 200, body: { claimed: 0 } });
    expect(worked()).toBe(1);
  });

  test("is not worked by a user", async () => {
    const { call, worked } = world([]);

    expect(await call(owner, "POST", "", {})).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    expect(worked()).toBe(0);
  });
});

describe("status", () => {
  test("shows the owner's job, and to a stranger nothing", async () => {
    const { call } = world([uploaded("processing")]);

    expect(await call(owner, "GET", "/status/101")).toMatchObject({
      status: 200,
      body: { analysisJobId: 101, status: "processing" },
    });
    expect((await call(stranger, "GET", "/status/101")).status).toBe(404);
  });

  test.each([
    "/status/0",
    "/status/abc",
    "/status/1e3",
    "/status/99999999999999999999",
    "/status/1/2",
  ])("%s is not found", async (path) => {
    expect((await world([uploaded("queued")]).call(owner, "GET", path)).status).toBe(404);
  });
});

describe("retry", () => {
  test("queues the owner's failed analysis and wakes its function", async () => {
    const { call, woken, rows } = world([uploaded("failed")]);

    expect(await call(owner, "POST", "/retry", { analysisJobId: 101 })).toEqual({
      status: 202,
      body: { status: "queued" },
    });
    expect(rows[0]?.job?.status).toBe("queued");
    expect(woken).toEqual(["ai-analyze-video"]);
  });

  test("wakes the function of the stage", async () => {
    const { call, woken } = world([uploaded("failed")]);

    await call(owner, "POST", "/retry", { feedbackId: 101, stage: "audio" });

    expect(woken).toEqual(["audioWorker"]);
  });

  test("is not for ever", async () => {
    const { call, rows, woken } = world([{ ...uploaded("failed"), retried: 5 }]);

    expect(await call(owner, "POST", "/retry", { analysisJobId: 101 })).toEqual({
      status: 429,
      body: { code: "too_many_retries", message: "This was retried as often as it may be." },
    });
    expect(rows[0]?.job?.status).toBe("failed");
    expect(woken).toEqual([]);
  });

  test("refuses what has not failed, what is a stranger's, and nonsense", async () => {
    const { call } = world([uploaded("completed")]);

    const answers = [
      await call(owner, "POST", "/retry", { analysisJobId: 101 }),
      await call(stranger, "POST", "/retry", { analysisJobId: 101 }),
      await call(owner, "POST", "/retry", { feedbackId: 101, stage: "analysis" }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, "not_failed"],
      [404, "not_found"],
      [400, "invalid_request"],
    ]);
  });
});

describe("every call", () => {
  test("needs someone known, except health and the browser's preflight", async () => {
    const { call } = world([uploaded("queued")]);

    expect(await call(null, "POST", "", {})).toMatchObject({
      status: 401,
      body: { code: "unauthorized" },
    });
    expect((await call(null, "GET", "/status/101")).status).toBe(401);
    expect((await call(null, "POST", "/retry", { analysisJobId: 101 })).status).toBe(401);
    expect(await call(null, "GET", "/health")).toEqual({
      status: 200,
      body: { status: "ok", function: "ai-analyze-video" },
    });
    expect((await call(null, "OPTIONS", "")).status).toBe(204);
  });

  test.each([
    ["GET", "", 405],
    ["DELETE", "/retry", 405],
    ["POST", "/status/101", 405],
    ["POST", "/health", 405],
    ["GET", "/nowhere", 404],
  ])("%s %s is %i", async (method, path, status) => {
    expect((await world([]).call(owner, method, path)).status).toBe(status);
  });
});

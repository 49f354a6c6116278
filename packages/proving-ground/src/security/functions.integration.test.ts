/** Functions: users reach their own recordings, workers' doors open to the secret key only. */
import { beforeAll, describe, expect, inject, test } from "vitest";
import { assembleCast, type Cast } from "./cast.ts";

const stack = inject("stack");

let cast: Cast;
beforeAll(async () => {
  cast = await assembleCast(stack);
});

function call(path: string, headers: Record<string, string>, body?: unknown): Promise<Response> {
  return fetch(`${stack.apiUrl}/functions/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const as = (accessToken: string) => ({
  apikey: stack.publishableKey,
  authorization: `Bearer ${accessToken}`,
});
const publishable = () => ({ apikey: stack.publishableKey });

test("health is open to everyone", async () => {
  for (const name of ["ai-analyze-video", "ssmlWorker", "audioWorker", "draftWorker"]) {
    expect((await call(`${name}/health`, {})).status).toBe(200);
  }
});

describe("ai-analyze-video", () => {
  test("the owner sees the status of their job", async () => {
    const response = await call(
      `ai-analyze-video/status/${cast.jobId}`,
      as(cast.owner.accessToken),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "completed" });
  });

  test("for a stranger the job does not exist", async () => {
    const stranger = as(cast.stranger.accessToken);
    const status = await call(`ai-analyze-video/status/${cast.jobId}`, stranger);
    const byId = await call("ai-analyze-video", stranger, {
      videoRecordingId: cast.recordingId,
    });
    const byPath = await call("ai-analyze-video", stranger, { videoPath: cast.videoPath });
    expect([status.status, byId.status, byPath.status]).toEqual([404, 404, 404]);
  });

  test.each([
    ["without a key", () => ({})],
    ["with the publishable key alone", publishable],
    ["with a token that is none", () => as("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")],
    ["with a made-up secret key", () => ({ apikey: "sb_secret_made_up" })],
  ])("%s nothing is told and nothing is started", async (_name, headers) => {
    const status = await call(`ai-analyze-video/status/${cast.jobId}`, headers());
    const start = await call("ai-analyze-video", headers(), {
      videoRecordingId: cast.recordingId,
    });
    expect([status.status, start.status]).toEqual([401, 401]);
  });
});

describe.each(["ssmlWorker", "audioWorker", "draftWorker"])("%s", (name) => {
  test.each([
    ["without a key", () => ({})],
    ["with the publishable key alone", publishable],
    ["with a user's token", () => as(cast.owner.accessToken)],
  ])("%s it does not work", async (_name, headers) => {
    expect((await call(name, headers(), {})).status).toBe(401);
  });

  test("with the secret key it works", async () => {
    expect((await call(name, { apikey: stack.secretKey }, {})).status).toBe(200);
  });
});

import { openAsBlob } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import {
  addRecording,
  pathFor,
} from "../../../../../supabase/functions/_shared/testing/recordings.ts";
import { createUser, type TestUser } from "../../support/create-user.ts";
import { briefs, coached, failedJob, messages, remarks } from "./queued-work.ts";
import type { RecordedCall, RecordedStack } from "./recorded-stack.ts";

/** What is done, and which of the calls that it leads to are looked at. */
export interface Situation {
  function: string;
  call: string;
  run(): Promise<RecordedCall[]>;
}

/** Everything that is asked of the functions; the video is the largest one allowed. */
export async function situationsOf(
  stack: RecordedStack,
  videos: { sample: string; large: string },
): Promise<Situation[]> {
  const user = await createUser(stack, "bench");
  const asUser = (path: string, body?: unknown) => request(stack, path, user.accessToken, body);
  const work = (name: string) => request(stack, name, null, {});
  const toTheEnd = (name: string, call: string, prepare: () => Promise<unknown>): Situation => ({
    function: name,
    call,
    run: async () => {
      await prepare();
      const calls = await stack.during(() => work(name));
      return calls.filter((one) => one.function === name);
    },
  });
  const only = (
    call: string,
    path: string,
    body?: () => Promise<unknown>,
    ask: typeof asUser = asUser,
  ): Situation => ({
    function: path.split("/")[0] ?? "",
    call,
    run: async () => {
      const given = await body?.();
      const calls = await stack.during(() => ask(path, given));
      return calls.filter((one) => one.path === `/${path}`).slice(0, 1);
    },
  });
  const names = await readdir(join(projectDirectory, "supabase/functions"));
  return [
    ...names
      .filter((name) => !name.startsWith("_"))
      .map((name) => only("health", `${name}/health`)),
    only("start", "ai-analyze-video", async () => ({
      videoRecordingId: await upload(user, videos.sample),
    })),
    only("status", "ai-analyze-video/status/1"),
    only("retry", "ai-analyze-video/retry", async () => ({
      analysisJobId: await failedJob(stack),
    })),
    toTheEnd("ai-analyze-video", "work: the sample video", () => upload(user, videos.sample, true)),
    toTheEnd("ai-analyze-video", "work: 30 minutes, 505 MB", () =>
      upload(user, videos.large, true),
    ),
    toTheEnd("ai-analyze-video", "work: two of these at once", async () => {
      for (let count = 0; count < 2; count++) await upload(user, videos.large, true);
    }),
    toTheEnd("ssmlWorker", "work: 200 remarks", () => remarks(stack, user, 200, "ssml")),
    toTheEnd("audioWorker", "work: 200 remarks", () => remarks(stack, user, 200, "audio")),
    toTheEnd("audioWorker", "work: 8 of the longest", () => remarks(stack, user, 8, "audio", 58)),
    only("start", "render", async () => ({
      recordingId: await coached(stack),
      options: { mode: "freeze" },
    })),
    only("status", "render/status/1"),
    only("cancel", "render/cancel", async () => ({ renderJobId: 1 })),
    toTheEnd("draftWorker", "work: 8 briefs", () => briefs(stack, user, 8)),
    toTheEnd("notifyWorker", "work: 200 messages", () => messages(stack, user, 200)),
    only("numbers", "metrics", undefined, (path) => request(stack, path, null)),
    toTheEnd("eraseWorker", "work: all objects of 400 remarks", () =>
      stack.db.query("delete from public.analysis_jobs"),
    ),
  ];
}

async function request(
  stack: RecordedStack,
  path: string,
  token: string | null,
  body?: unknown,
): Promise<void> {
  const response = await fetch(`${stack.apiUrl}/functions/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      apikey: token === null ? stack.secretKey : stack.publishableKey,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
}

/** @param isComplete whether it is queued for analysis at once */
async function upload(user: TestUser, file: string, isComplete = false): Promise<number> {
  const path = pathFor(user);
  const video = await openAsBlob(file, { type: "video/mp4" });
  const { error } = await user.client.storage.from("raw").upload(path, video);
  if (error) throw error;
  return (await addRecording(user, isComplete ? "completed" : "pending", path)).id;
}

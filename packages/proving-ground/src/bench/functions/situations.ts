import { randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { createUser, type TestUser } from "../../support/create-user.ts";
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
  const only = (call: string, path: string, body?: () => Promise<unknown>): Situation => ({
    function: "ai-analyze-video",
    call,
    run: async () => {
      const given = await body?.();
      const calls = await stack.during(() => asUser(path, given));
      return calls.filter((one) => one.path === `/${path}`).slice(0, 1);
    },
  });
  const names = ["ai-analyze-video", "ssmlWorker", "audioWorker"];
  return [
    ...names
      .map((name) => only("health", `${name}/health`))
      .map((one, at) => ({
        ...one,
        function: names[at] ?? "",
      })),
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
  const name = `${user.userId}/${randomUUID()}.mp4`;
  const video = await openAsBlob(file, { type: "video/mp4" });
  const stored = await user.client.storage.from("raw").upload(name, video);
  if (stored.error) throw stored.error;
  const { data } = await user.client
    .from("video_recordings")
    .insert({
      filename: "clip.mp4",
      storage_path: name,
      mime_type: "video/mp4",
      upload_status: isComplete ? "completed" : "pending",
    })
    .select("id")
    .single()
    .throwOnError();
  return data.id;
}

/** The latest job, as if it had failed. */
async function failedJob({ db }: RecordedStack): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `update public.analysis_jobs set status = 'failed', error_code = 'internal_error'
     where id = (select max(id) from public.analysis_jobs) returning id::int`,
  );
  return rows[0]?.id ?? 0;
}

const sentence = "Bend your knees a little earlier.";

/** Remarks that wait for a stage, each of so many sentences. */
async function remarks(
  { db }: RecordedStack,
  { userId }: TestUser,
  count: number,
  stage: "ssml" | "audio",
  sentences = 1,
): Promise<void> {
  const isAudio = stage === "audio";
  const { rows } = await db.query<{ id: number }>(
    `insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
       category, severity, confidence, message, ssml_status)
     select (select max(id) from public.analysis_jobs), $1, 1, 2, 'motion', 'low', 0.5, $2, $3
     from generate_series(1, $4) returning id::int`,
    [userId, `${sentence} `.repeat(sentences), isAudio ? "completed" : "queued", count],
  );
  if (!isAudio) return;
  const ids = rows.map(({ id }) => id);
  await db.query(
    `insert into public.analysis_ssml_segments (feedback_id, ssml) select unnest($1::bigint[]), $2`,
    [ids, `<speak>${`<s>${sentence}</s>`.repeat(sentences)}</speak>`],
  );
  await db.query("select pipeline.enqueue('audio', $1::bigint[], $2::uuid[])", [
    ids,
    ids.map(() => userId),
  ]);
}

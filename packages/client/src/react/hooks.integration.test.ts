import { createUser, type TestUser } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import { createElement, type ReactNode, StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, inject, test } from "vitest";
import type { Feedback } from "../recording-state.ts";
import { createSideline, type Sideline } from "../sideline.ts";
import { SidelineProvider } from "./sideline-provider.ts";
import { openPage, type TestPage } from "./test-page.ts";
import { type FeedbackStatus, useFeedbackStatus } from "./use-feedback-status.ts";
import { useRecording } from "./use-stores.ts";

const stack = inject("stack");
/** Without triggers: what these tests write is not handed to the pipeline. */
const sql = postgres(stack.adminDbUrl, {
  max: 1,
  onnotice: () => {},
  connection: { session_replication_role: "replica" },
});
let page: TestPage;
let root: Root;
let user: TestUser;
let sideline: Sideline;

beforeEach(async () => {
  page = openPage();
  root = createRoot(page.root);
  user = await createUser(stack, "owner");
  sideline = createSideline(user.client);
});
afterEach(async () => {
  root.unmount();
  await expect.poll(() => user.client.getChannels()).toEqual([]);
  await page.close();
  await sql`delete from public.analysis_feedback where user_id = ${user.userId}`;
  await sql`delete from public.analysis_jobs where user_id = ${user.userId}`;
  await sql`delete from public.video_recordings where user_id = ${user.userId}`;
});
afterAll(() => sql.end());

async function insertRecording(): Promise<{ recordingId: number; jobId: number }> {
  const [row] = await sql<{ recording: number; job: number }[]>`
    with recording as (
      insert into public.video_recordings (user_id, filename, storage_path, upload_status)
      values (${user.userId}, 'clip.mp4', ${`${user.userId}/${crypto.randomUUID()}.mp4`}, 'completed')
      returning id
    ), job as (
      insert into public.analysis_jobs (video_recording_id, user_id, status, coach)
      select id, ${user.userId}, 'completed', pipeline.coach_for(${user.userId}, 'en-US')
      from recording returning id
    )
    select recording.id::int as recording, job.id::int as job from recording, job`;
  return { recordingId: row?.recording ?? 0, jobId: row?.job ?? 0 };
}

async function insertFailedFeedback(jobId: number): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into public.analysis_feedback
      (analysis_job_id, user_id, start_seconds, end_seconds, category, severity, confidence, message,
       ssml_status, ssml_error_code)
    values (${jobId}, ${user.userId}, 1, 2, 'pace', 'low', 0.5, 'Well.', 'failed', 'reply_invalid')
    returning id::int`;
  return row?.id ?? 0;
}

function mount(...children: ReactNode[]): void {
  const provider = createElement(SidelineProvider, { sideline }, ...children);
  root.render(createElement(StrictMode, null, provider));
}

function Shown({ recordingId }: { recordingId: number }) {
  const { connection, job } = useRecording(recordingId);
  return createElement("p", null, `${recordingId} ${connection} ${job?.title} `);
}

/** As many channels as were ever opened. */
function countChannels(): () => number {
  const { realtime } = user.client;
  const seen = new Set<unknown>();
  const open = realtime.channel.bind(realtime);
  realtime.channel = (...arguments_) => {
    const channel = open(...arguments_);
    seen.add(channel);
    return channel;
  };
  return () => seen.size;
}

test("under StrictMode, and shown twice, a recording is watched once", async () => {
  const { recordingId } = await insertRecording();
  const channels = countChannels();

  const shown = createElement(Shown, { recordingId });
  mount(shown, shown);
  const twice = (text: string) => `${recordingId} ${text} ${recordingId} ${text} `;
  await expect.poll(page.text).toBe(twice("live null"));

  await sql`update public.analysis_jobs set title = 'Rally' where user_id = ${user.userId}`;
  await expect.poll(page.text).toBe(twice("live Rally"));
  expect(channels()).toBe(1);
  expect(user.client.getChannels()).toHaveLength(1);
});

test("another recording takes the place of the first, which is let go", async () => {
  const first = await insertRecording();
  const second = await insertRecording();
  mount(createElement(Shown, { recordingId: first.recordingId }));
  await expect.poll(page.text).toBe(`${first.recordingId} live null `);

  mount(createElement(Shown, { recordingId: second.recordingId }));

  await expect.poll(page.text).toBe(`${second.recordingId} live null `);
  await expect.poll(() => user.client.getChannels().length).toBe(1);
});

function Remarks({ recordingId, see }: { recordingId: number; see: (s: FeedbackStatus) => void }) {
  const { feedback } = useRecording(recordingId);
  return feedback.map((remark) => createElement(Remark, { key: remark.id, remark, see }));
}

function Remark({ remark, see }: { remark: Feedback; see: (s: FeedbackStatus) => void }) {
  const status = useFeedbackStatus(remark);
  see(status);
  return createElement("p", null, `${status.status} ${status.problem?.code ?? ""}`);
}

test("a failed remark says why, is retried, and what the retry came to is said, too", async () => {
  const { recordingId, jobId } = await insertRecording();
  const feedbackId = await insertFailedFeedback(jobId);
  let shown: FeedbackStatus | null = null;
  const see = (status: FeedbackStatus) => {
    shown = status;
  };
  mount(createElement(Remarks, { recordingId, see }));
  const status = () => shown ?? Promise.reject(new Error("nothing is shown"));
  await expect.poll(page.text).toBe("failed reply_invalid");
  expect((await status()).problem).toMatchObject({ nextStep: "retry" });

  (await status()).dismiss();
  await expect.poll(page.text).toBe("failed ");
  await sql`insert into pipeline.retries (stage, subject_id, count) values ('ssml', ${feedbackId}, 5)`;
  await (await status()).retry();
  await expect.poll(page.text).toBe("failed too_many_retries");

  await sql`delete from pipeline.retries where subject_id = ${feedbackId}`;
  await (await status()).retry();
  await expect.poll(page.text).not.toContain("failed");
});

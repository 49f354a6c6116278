/** Coached videos as an app has them made, watches and shares them. The worker is played by SQL. */
import { createServiceClient, createUser, type TestUser } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createSideline, type Sideline } from "../sideline.ts";
import type { Render, TimelineEntry } from "./render-state.ts";

const stack = inject("stack");
const admin = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
const worker = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
const token = "a0000000-0000-4000-8000-000000000001";
let user: TestUser;
let sideline: Sideline;
let recordingId: number;

beforeAll(async () => {
  user = await createUser(stack, "owner");
  sideline = createSideline(user.client);
  recordingId = await analysed();
});
afterAll(() => Promise.all([admin.end(), worker.end()]));

async function store(bucket: string, path: string, content: string): Promise<void> {
  const { error } = await createServiceClient(stack)
    .storage.from(bucket)
    .upload(path, new Blob([content], { type: "video/mp4" }));
  if (error) throw error;
}

/** A recording whose feedback is complete: one remark, which is read only. */
async function analysed(): Promise<number> {
  const path = `${user.userId}/clip.mp4`;
  await store("raw", path, "clip");
  return await admin.begin(async (sql) => {
    // Nothing is handed to the pipeline.
    await sql`set local session_replication_role = replica`;
    const [row] = await sql<{ id: number }[]>`
      with recording as (
        insert into public.video_recordings (user_id, filename, storage_path, upload_status)
        values (${user.userId}, 'clip.mp4', ${path}, 'completed') returning id
      ), job as (
        insert into public.analysis_jobs (video_recording_id, user_id, coach, status)
        select id, ${user.userId}, '{}', 'completed' from recording returning id
      ), remark as (
        insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
          category, severity, confidence, message, ssml_status, ssml_error_code)
        select id, ${user.userId}, 1, 2, 'motion', 'low', 0.5, 'Hop.', 'failed', 'ssml_invalid'
        from job
      )
      select id::int from recording`;
    return row?.id ?? 0;
  });
}

/** This render alone is taken, whoever else claims some meanwhile. */
async function claim(id: number): Promise<void> {
  await worker.begin(async (sql) => {
    await sql`update pipeline.tasks set turn = null, lease_token = ${token}, attempts = 1,
      available_at = now() + interval '1 minute' where stage = 'render' and subject_id = ${id}`;
    await sql`update public.render_jobs set status = 'processing', attempts = 1, started_at = now()
      where id = ${id}`;
  });
}

async function report(id: number, percent: number, step: string, state: string): Promise<unknown> {
  const [row] = await worker<{ answer: string }[]>`
    select pipeline.report_render_progress(${id}, ${token}, ${percent}, ${step}, ${state})
      as answer`;
  return row?.answer;
}

async function complete(id: number): Promise<void> {
  const path = `${user.userId}/renders/${id}.mp4`;
  await store("processed", path, "video");
  const checksum = "a".repeat(64);
  const result = {
    id,
    lease_token: token,
    path,
    bytes: 5,
    frames: 1,
    duration_seconds: 2,
    checksum,
  };
  await worker`select pipeline.complete_render(${worker.json([result])})`;
}

describe("a coached video", () => {
  test("is followed from its start to its file", async () => {
    const heard: (Render | null)[] = [];
    const timelines: TimelineEntry[][] = [];
    const renders = sideline.rendersOf(recordingId);
    const letGo = renders.hold();
    const id = await sideline.renderRecording(recordingId, { mode: "duck", size: 360 });
    const stops = [
      sideline.subscribeToRender(id, (render) => heard.push(render)),
      sideline.subscribeToProcessingTimeline(id, (timeline) => timelines.push(timeline)),
    ];
    await expect.poll(() => heard.at(-1)).toMatchObject({ status: "queued", mode: "duck" });
    await expect.poll(() => renders.store.getState().connection).toBe("live");

    await claim(id);
    expect(await report(id, 40, "encoding", "started")).toBe("ok");
    await expect.poll(() => heard.at(-1)).toMatchObject({ progressPercent: 40, step: "encoding" });
    await expect
      .poll(() => timelines.at(-1))
      .toMatchObject([{ attempt: 1, step: "encoding", endedAt: null }]);
    await complete(id);

    await expect
      .poll(() => heard.at(-1))
      .toMatchObject({ status: "completed", progressPercent: 100, bytes: 5, durationSeconds: 2 });
    await expect
      .poll(() =>
        timelines
          .at(-1)
          ?.map(({ step, outcome }) => `${step} ${outcome}`)
          .toSorted(),
      )
      .toEqual(["encoding completed", "null completed"]);
    await expect.poll(() => renders.store.getState().renders[0]).toEqual(heard.at(-1));
    const url = await sideline.audioUrls.get(heard.at(-1)?.path ?? "");
    expect(await (await fetch(url)).text()).toBe("video");
    await Promise.all([letGo(), ...stops.map((stop) => stop())]);
    expect(user.client.getChannels()).toEqual([]);
  });

  test("is cancelled, and wanted again", async () => {
    const id = await sideline.renderRecording(recordingId);
    await claim(id);

    await sideline.cancelRender(id);

    expect(await report(id, 50, "encoding", "started")).toBe("cancelled");
    await sideline.retryRender(id);
    await sideline.cancelRender(id);
    await expect(sideline.cancelRender(999_999_999)).rejects.toMatchObject({ code: "not_found" });
  });

  test("is refused with a code that has words", async () => {
    const unknown = sideline.renderRecording(999_999_999);
    await expect(unknown).rejects.toMatchObject({ code: "not_found" });
    const odd = sideline.renderRecording(recordingId, { fps: 0 });
    await expect(odd).rejects.toMatchObject({
      code: "render_refused",
      message: "There must be between 1 and 60 frames per second.",
    });
  });

  test("is shared by a link that ends", async () => {
    const id = await sideline.renderRecording(recordingId);
    await expect(sideline.shareRender(id)).rejects.toMatchObject({ code: "render_refused" });
    await claim(id);
    await complete(id);

    const link = await sideline.shareRender(id, 3600);

    expect(await (await fetch(link.url)).text()).toBe("video");
    expect(await sideline.renderLinks(id)).toMatchObject([
      { id: link.id, expiresAt: link.expiresAt, visits: [{ agent: expect.any(String) }] },
    ]);
    await sideline.endRenderLink(link.id);
    expect((await fetch(link.url)).status).toBe(404);
    expect(await sideline.renderLinks(id)).toEqual([]);
    const second = await sideline.shareRender(id, 3600);
    await sideline.deleteRender(id);
    expect((await fetch(second.url)).status).toBe(404);
  });
});

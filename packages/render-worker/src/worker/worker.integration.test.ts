import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import { openTestGateway, type TestGateway } from "@sideline/local-stack/parts";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Call, standBetween } from "../testing/between.ts";
import { makeClip } from "../testing/clips.ts";
import { makeImage } from "../testing/image.ts";
import { filesOf, jobOf, namedBy, stepsOf } from "../testing/rows.ts";
import { startRender } from "../testing/start-render.ts";
import { startWorkerProgram, type WorkerProgram } from "../testing/worker-program.ts";
import { checkFile } from "./check-file.ts";

type Owner = Awaited<ReturnType<TestGateway["user"]>>;

let gateway: TestGateway;
let owner: Owner;
let directory: string;
let temporary: string;
/** As the image has it: what its Dockerfile forgets is missing here. */
let worker: string;
const programs: WorkerProgram[] = [];
const project = () => ({ gateway, owner });

beforeAll(async () => {
  gateway = await openTestGateway(inject("stack"), { storesFiles: true });
  directory = await mkdtemp(join(tmpdir(), "sideline-worker-"));
  temporary = join(directory, "tmp");
  await mkdir(temporary);
  worker = await makeImage(join(directory, "image"));
  owner = await gateway.user();
  const clip = await makeClip({
    file: join(directory, "clip.mp4"),
    width: 160,
    height: 90,
    fps: 15,
    frames: 15,
    tone: 300,
  });
  await put("raw", "clip.mp4", await readFile(clip), "video/mp4");
  await put("assets", "badge.png", createCanvas(20, 20).toBuffer("image/png"), "image/png");
});
afterAll(async () => {
  for (const program of programs) program.kill("SIGKILL");
  await Promise.all(programs.map(({ ended }) => ended));
  await gateway.stop();
  await rm(directory, { recursive: true, force: true });
});

describe("a render", () => {
  let id: number;
  beforeEach(async () => {
    id = await startRender(project());
  });

  test("becomes a file in its owner's folder, and its steps are told", async () => {
    const program = work(["--once"]);
    expect(await program.ended).toBe(0);

    const job = await jobOf(project(), id);
    expect(job).toMatchObject({
      status: "completed",
      error_code: null,
      progress_percent: 100,
      output_frames: 15,
    });
    expect(Number(job.duration_seconds)).toBe(1);
    const path = String(job.output_path);
    expect(path).toBe(`${owner.id}/renders/${id}/${String(job.output_checksum).slice(0, 32)}.mp4`);
    const { data } = await owner.client.storage.from("processed").download(path);
    const file = join(directory, "made.mp4");
    await writeFile(file, Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer()));
    await checkFile(file, { frames: 15, seconds: 1, hasSound: true });
    const steps = await stepsOf(project(), id);
    for (const { details } of steps.filter(({ step }) => /composition|encoding/.test(step))) {
      expect(details).toMatchObject({ seconds: expect.any(Number) });
    }
    expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(
      ["download", "processing", "encoding", "composition", "validation", "upload", "cleanup"].map(
        (step) => `${step} completed`,
      ),
    );
    const { data: moved } = await owner.client
      .from("storage_operations")
      .select("operation, bucket, outcome, bytes, function_name")
      .like("path", `%/renders/${id}/%`);
    const output_bytes = Number(job.output_bytes);
    expect(moved).toEqual([
      {
        operation: "upload",
        bucket: "processed",
        outcome: "done",
        bytes: output_bytes,
        function_name: "render-worker",
      },
    ]);
    expect(await readdir(temporary)).toEqual([]);
  });

  /** Each is the call at which the worker is killed, and whether the database still gets it. */
  const deaths: [string, (call: Call) => boolean, boolean][] = [
    ["while it draws", at("composition", "started"), true],
    ["before it says so", ({ name }) => name === "complete_render", false],
  ];
  /** `EVERY_STEP=1 npm test -- render-worker` */
  const more: typeof deaths = [
    ["while it fetches its files", at("download", "started"), true],
    ["while it opens them", at("processing", "started"), true],
    ["when the file is drawn", at("composition", "completed"), true],
    ["when the file is checked", at("validation", "completed"), true],
    ["while it stores the file", at("upload", "started"), true],
    ["when the file is stored", at("upload", "completed"), true],
    ["while it tidies", at("cleanup", "started"), true],
  ];
  const killed = process.env.EVERY_STEP ? [...deaths, ...more] : deaths;

  test.each(killed)(
    "whose worker is killed %s is taken over: one file, no orphan",
    async (_, isThen, sends) => {
      let first: WorkerProgram | undefined;
      const between = await standBetween(gateway.url, (call) => {
        if (!isThen(call)) return { answers: true, sends: true };
        first?.kill("SIGKILL");
        return { answers: false, sends };
      });
      first = work([], between.url);
      expect(await first.ended).toBe("SIGKILL");
      await between.stop();
      await endLeases();

      expect(await work(["--once"]).ended).toBe(0);

      expect(await jobOf(project(), id)).toMatchObject({ status: "completed" });
      expect(await filesOf(project(), id)).toEqual(await namedBy(project(), id));
      expect(await gateway.sql.run("select * from pipeline.violations")).toMatchObject({
        rows: [],
      });
    },
  );

  test.each([
    ["cancelled", cancel],
    ["deleted", remove],
  ])("that is %s after its worker was killed leaves no file", async (_, end) => {
    let first: WorkerProgram | undefined;
    const isStored = at("upload", "completed");
    const between = await standBetween(gateway.url, (call) => {
      if (isStored(call)) first?.kill("SIGKILL");
      return { answers: true, sends: true };
    });
    first = work([], between.url);
    expect(await first.ended).toBe("SIGKILL");
    await between.stop();
    expect(await filesOf(project(), id)).toHaveLength(1);

    await end(id);

    expect(await filesOf(project(), id)).toEqual([]);
  });

  test("whose completion was written, but never answered, is completed", async () => {
    let calls = 0;
    const between = await standBetween(gateway.url, ({ name }) => {
      const isLost = name === "complete_render" && calls++ === 0;
      return { answers: !isLost, sends: true };
    });
    expect(await work(["--once"], between.url).ended).toBe(0);
    await between.stop();

    expect(await jobOf(project(), id)).toMatchObject({ status: "completed" });
    expect(await filesOf(project(), id)).toEqual(await namedBy(project(), id));
  });
});

test("a cancelled render stops, and one whose worker is told to stop is given back; both leave nothing", async () => {
  let drawing = Promise.withResolvers<void>();
  let isDrawn = false;
  const between = await standBetween(gateway.url, (call) => {
    if (at("composition", "started")(call)) drawing.resolve();
    isDrawn ||= at("composition", "completed")(call);
    return { answers: true, sends: true };
  });
  const long = { duration_seconds: 600 };
  const cancelled = await startRender(project(), long);
  const program = work([], between.url);
  await drawing.promise;
  drawing = Promise.withResolvers<void>();
  await cancel(cancelled);
  await expect
    .poll(() => program.lines.find(({ event }) => event === "item.settled")?.outcome)
    .toBe("cancelled");
  expect(isDrawn).toBe(false);
  expect(await readdir(temporary)).toEqual([]);

  const stopped = await startRender(project(), long);
  await drawing.promise;
  program.kill("SIGTERM");
  expect(await program.ended).toBe(0);
  await between.stop();

  const { status, attempts } = await jobOf(project(), stopped);
  expect([status, attempts]).toEqual(["queued", 0]);
  await cancel(stopped);
  const job = await jobOf(project(), cancelled);
  expect(job).toMatchObject({ status: "cancelled", output_path: null });
  expect(await filesOf(project(), cancelled)).toEqual([]);
  expect(await readdir(temporary)).toEqual([]);
});

test("one that is cancelled when its file is stored leaves none", async () => {
  const id = await startRender(project());
  const isStored = at("upload", "completed");
  const between = await standBetween(gateway.url, async (call) => {
    if (isStored(call)) await cancel(id);
    return { answers: true, sends: true };
  });
  expect(await work(["--once"], between.url).ended).toBe(0);
  await between.stop();

  expect(await jobOf(project(), id)).toMatchObject({ status: "cancelled", output_path: null });
  expect(await filesOf(project(), id)).toEqual([]);
});

test("of a file that was deleted, and of a picture that is none, its owner reads why", async () => {
  const words = Buffer.from("These are words.");
  for (const name of ["gone.png", "words.png"]) await put("assets", name, words, "image/png");
  const deleted = await startRender(project(), {}, "gone.png");
  const unreadable = await startRender(project(), {}, "words.png");
  await gateway
    .service()
    .storage.from("assets")
    .remove([`${owner.id}/gone.png`]);

  expect(await work(["--once"]).ended).toBe(0);

  for (const [id, code] of [
    [deleted, "element_missing"],
    [unreadable, "element_unreadable"],
  ] as const) {
    expect(await jobOf(project(), id)).toMatchObject({
      status: "failed",
      error_code: code,
      last_error: expect.stringMatching(/^A file that the video is made of .*\.$/),
      output_path: null,
    });
    expect(await filesOf(project(), id)).toEqual([]);
  }
});

function work(args: string[], url = gateway.url): WorkerProgram {
  const { secretKey } = gateway.keys;
  const program = startWorkerProgram(worker, { url, secretKey }, temporary, args);
  programs.push(program);
  return program;
}

function at(step: string, state: string): (call: Call) => boolean {
  return ({ name, body }) => {
    if (name !== "report_render_progress") return false;
    const told = JSON.parse(body);
    return told.step === step && told.state === state;
  };
}

async function put(bucket: string, name: string, bytes: Uint8Array, contentType: string) {
  const path = `${owner.id}/${name}`;
  const { error } = await owner.client.storage
    .from(bucket)
    .upload(path, bytes, { contentType, upsert: true });
  if (error) throw error;
}

async function cancel(id: number): Promise<void> {
  const { error } = await owner.client.rpc("cancel_render_job", { render_job_id: id });
  if (error) throw error;
}

async function remove(id: number): Promise<void> {
  const { error } = await owner.client.from("render_jobs").delete().eq("id", id);
  if (error) throw error;
}

/** As if the time of every lease had come. */
async function endLeases(): Promise<void> {
  await gateway.sql.run(
    "update pipeline.tasks set available_at = now() - interval '1 s' where lease_token is not null",
  );
}

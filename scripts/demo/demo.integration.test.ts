/**
 * The whole product, from outside: `scripts/demo/main.ts` as a process of its own, on a stack of
 * its own. What needs neither is played in this process, on the stack of all tests.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ALL_FORMATS, FilePathSource, Input } from "mediabunny";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { BURSTS } from "../../samples/rally.ts";
import { readWav, requireAudible } from "../../supabase/functions/_shared/audio/wav.ts";
import { projectRoot } from "../project-root.ts";
import { DemoFailure, type DemoFailureResult, type DemoResult } from "./demo-result.ts";
import { parseOptions } from "./options.ts";
import { runDemo } from "./run-demo.ts";

let directory: string;
const text = "This is no video.\n".repeat(500);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-demo-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Program {
  child: ChildProcess;
  said: { stdout: string; stderr: string };
  closed: Promise<unknown[]>;
}

/** All programs share one stack folder, so that what a bad clip leaves behind meets the next good one. */
function start(...args: string[]): Program {
  const folders = ["--dir", join(directory, "stack"), "--out", join(directory, "out")];
  const path = `${directory}:${process.env.PATH}`;
  const child = spawn(
    process.execPath,
    [join(projectRoot, "scripts/demo/main.ts"), "--json", ...folders, ...args],
    { cwd: directory, env: { ...process.env, PATH: path, INIT_CWD: directory } },
  );
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    said.stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    said.stderr += String(chunk);
  });
  return { child, said, closed: once(child, "close") };
}

interface Run<Result> {
  code: unknown;
  result: Result;
  stdoutLines: string[];
  stderr: string;
}

async function demo<Result = DemoResult>(...args: string[]): Promise<Run<Result>> {
  const { said, closed } = start(...args);
  const [code] = await closed;
  const stdoutLines = said.stdout.trim().split("\n");
  return {
    code,
    result: JSON.parse(stdoutLines.at(-1) ?? ""),
    stdoutLines,
    stderr: said.stderr,
  };
}

/** What the demo does once its stack is up, as far as it gets. */
async function play(...args: string[]): Promise<{ result: DemoResult; screen: string }> {
  const lines: string[] = [];
  const screen = {
    width: 100,
    paint: (_: unknown, text: string) => text,
    line: (text = "") => void lines.push(text),
    live: () => {},
  };
  const options = parseOptions(["--out", "out", ...args], directory);
  const result = await runDemo(options, screen, async () => inject("stack"));
  return { result, screen: lines.join("\n") };
}

/** What it says of a clip, which it cannot analyse. */
async function refusal(...args: string[]): Promise<DemoFailureResult> {
  const failure = await play(...args).catch((error: unknown) => error);
  if (failure instanceof DemoFailure) return failure.toResult();
  throw new Error("It did not fail as a demo does.", { cause: failure });
}

async function expectGoodRun(run: Run<DemoResult>): Promise<void> {
  const { code, result, stdoutLines, stderr } = run;
  expect(code, stderr).toBe(0);
  expect(stdoutLines).toHaveLength(1);
  expect(result).toMatchObject({ status: "completed", durationSeconds: expect.closeTo(20, 0) });
  expect(result.model).toMatch(/^offline-bitstream/);
  // A call for the analysis, and two for each of its feedback.
  expect(result.cost).toEqual({
    amount: 0,
    currency: "USD",
    calls: 1 + 2 * result.feedback.length,
    unpricedCalls: 0,
  });
  expect(stderr).toContain("Cost: 0 USD for ");
  for (const [start, end] of BURSTS) {
    const match = result.feedback.find(
      ({ startSeconds, endSeconds }) =>
        Math.abs(startSeconds - start) <= 1 && Math.abs(endSeconds - end) <= 1,
    );
    expect(match, `no feedback at ${start}–${end} s`).toBeDefined();
  }
  for (const item of result.feedback) {
    expect(item).toMatchObject({ ssmlStatus: "completed", audioStatus: "completed" });
    expect(item.audio.length).toBeGreaterThan(0);
    for (const { file, format, durationMs } of item.audio) {
      const facts = readWav(await readFile(resolve(projectRoot, file)));
      requireAudible(facts);
      expect(format).toBe("wav");
      expect(facts.durationMs).toBeGreaterThan(500);
      expect(durationMs).toBeCloseTo(facts.durationMs, -2);
    }
  }
}

function expectTimings({ result, stderr }: Run<DemoResult>): void {
  const timings = Object.values(result.timingsMs);
  expect(timings.every((value) => value !== null && value > 0)).toBe(true);
  expect(stderr).toContain("analysis");
}

describe("the demo", () => {
  describe("with a clip that cannot be analysed", () => {
    const clips: [name: string, code: string, make: (file: string) => Promise<void>][] = [
      ["text.mp4", "video_unreadable", (file) => writeFile(file, text)],
      [
        "large.mp4",
        "file_too_large",
        async (file) => {
          await writeFile(file, "");
          await truncate(file, 501 * 1024 * 1024);
        },
      ],
      ["song.mp3", "mime_type_not_allowed", (file) => writeFile(file, "ID3")],
    ];

    test.each(clips)("%s fails as %s", async (name, errorCode, make) => {
      await make(join(directory, name));

      const result = await refusal("--video", name);

      expect(result).toEqual({
        recordingId: expect.any(Number),
        jobId: expect.any(Number),
        status: "failed",
        errorCode,
        error: expect.stringContaining(name),
        feedback: [],
      });
      expect(result.error).not.toContain("\n");
    });

    test("a path that leads nowhere fails before anything is started", async () => {
      const { code, result, stdoutLines, stderr } = await demo<DemoFailureResult>(
        "--video",
        "nowhere.mp4",
      );

      expect(code).toBe(1);
      expect(stdoutLines).toHaveLength(1);
      expect(stderr).toContain(result.error);
      expect(result).toMatchObject({
        recordingId: null,
        jobId: null,
        status: "failed",
        errorCode: "video_missing",
      });
    });
  });

  test("kept running, it says where the recording is seen and heard, and opens it", async () => {
    await writeFile(join(directory, "text.mp4"), text);
    // In the place of what opens a person's browser.
    const opened = join(directory, "opened");
    for (const name of ["xdg-open", "open"]) {
      const script = `#!/bin/sh\nprintf %s "$1" > "${opened}"\n`;
      await writeFile(join(directory, name), script, { mode: 0o755 });
    }
    const { child, said, closed } = start("--open", "--video", "text.mp4");
    await expect.poll(() => said.stderr, { timeout: 90_000 }).toContain("Still running");

    const { recordingId } = JSON.parse(said.stdout);
    const [, address = ""] = /See and hear it: (\S+)/.exec(said.stderr) ?? [];
    expect(address).toMatch(new RegExp(`#/recordings/${recordingId}$`));
    await expect.poll(() => readFile(opened, "utf8").catch(() => "")).toBe(address);
    expect(await (await fetch(address)).text()).toContain('<div id="root">');

    child.kill("SIGTERM");
    expect((await closed)[0]).toBe(143);
  });

  test("makes audible feedback of the sample, and with --render a file to send: the clip, and room for each remark", async () => {
    const run = await demo("--render", "--size", "360");

    await expectGoodRun(run);
    expectTimings(run);
    const { result } = run;
    expect(Object.keys(result)).toEqual([
      "recordingId",
      "jobId",
      "status",
      "model",
      "durationSeconds",
      "feedback",
      "cost",
      "timingsMs",
      "video",
    ]);
    const file = resolve(projectRoot, result.video?.file ?? "");
    const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(file) });
    const spoken = result.feedback
      .flatMap(({ audio }) => audio.map(({ durationMs }) => durationMs ?? 0))
      .reduce((sum, each) => sum + each, 0);
    const duration = await input.computeDuration();
    expect(duration).toBeGreaterThan(20 + spoken / 1000 - 0.1);
    expect(duration).toBeLessThan(20 + spoken / 1000 + 3);
    expect(result.video?.durationSeconds).toBeCloseTo(duration, 0);
    expect((await input.getTracks()).map(({ type }) => type).sort()).toEqual(["audio", "video"]);
    input.dispose();
  });

  test("with --brief, looks for what was asked for, and says what became of it", async () => {
    const asked = "first serve, toss height, left arm; skip the footwork; for a twelve-year-old";
    const { result, screen } = await play("--brief", asked);

    expect(result.session).toMatchObject({
      id: expect.any(Number),
      revision: 5,
      brief: { audience: "a twelve-year-old", skip: ["footwork"] },
      draft: {
        model: "offline-templates-1",
        costMicros: 0,
        milliseconds: expect.any(Number),
        validation: { syntax: true, schema: true, rules: true },
      },
      answers: [
        { holeId: "level", value: "beginner", method: "default" },
        { holeId: "most_remarks", value: 5, method: "default" },
        { holeId: "with_drills", value: true, method: "default" },
      ],
      summary: expect.stringContaining("“toss height”, “left arm”: this was not looked for"),
    });
    const rules = result.feedback.map(({ category, ruleId }) => [category, ruleId]);
    expect(rules).toContainEqual(["movement", "strongest_movement"]);
    expect(rules).toContainEqual(["stillness", null]);
    expect(screen).toMatch(/beginner \s*\(suggested\s+by\s+the\s+draft\)/);
    expect(screen).toContain("toss height (toss_height)");
    expect(screen).toMatch(/feedback +rule +audio/);
  });

  test.each([
    [" \n ", "The brief is empty: say what to look for."],
    ["x".repeat(10_240), "The brief has 10240 characters: at most 4000 can be drafted from."],
  ])("a brief that nobody can draft from is refused at once", async (brief, error) => {
    const result = await refusal("--brief", brief);

    expect(result).toMatchObject({ recordingId: null, errorCode: "invalid_request", error });
  });
});

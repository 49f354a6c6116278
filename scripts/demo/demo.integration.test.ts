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
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { BURSTS } from "../../samples/rally.ts";
import { readWav, requireAudible } from "../../supabase/functions/_shared/audio/wav.ts";
import { projectRoot } from "../project-root.ts";
import type { DemoResult } from "./demo-result.ts";
import { parseOptions } from "./options.ts";
import { type Played, play } from "./play.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-demo-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Program {
  child: ChildProcess;
  said: { stdout: string; stderr: string };
  closed: Promise<unknown[]>;
}

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

/** The same in this process, on the stack of all tests, where bad clips and good ones meet. */
async function played(...args: string[]): Promise<Played & { screen: string }> {
  const lines: string[] = [];
  const screen = {
    width: 100,
    paint: (_: unknown, text: string) => text,
    line: (text = "") => void lines.push(text),
    live: () => {},
  };
  const options = parseOptions(["--out", "out", ...args], directory);
  const outcome = await play(options, screen, async () => inject("stack"));
  return { ...outcome, screen: lines.join("\n") };
}

async function expectAudible(result: DemoResult): Promise<void> {
  expect(result).toMatchObject({ status: "completed", durationSeconds: expect.closeTo(20, 0) });
  expect(result.model).toMatch(/^offline-bitstream/);
  // A call for the analysis, and two for each of its feedback.
  expect(result.cost).toEqual({
    amount: 0,
    currency: "USD",
    calls: 1 + 2 * result.feedback.length,
    unpricedCalls: 0,
  });
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

describe("the demo", () => {
  describe("with a clip that cannot be analysed", () => {
    const clips: [name: string, code: string, make: (file: string) => Promise<void>][] = [
      [
        "text.mp4",
        "video_unreadable",
        (file) => writeFile(file, "This is no video.\n".repeat(500)),
      ],
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

      const { exitCode, result, screen } = await played("--video", name);

      expect(exitCode).toBe(1);
      expect(result).toEqual({
        recordingId: expect.any(Number),
        jobId: expect.any(Number),
        status: "failed",
        errorCode,
        error: expect.stringContaining(name),
        feedback: [],
      });
      // One sentence.
      const error = "error" in result ? result.error : "";
      expect(screen.split("\n")).toContain(error);
    });

    test("a path that leads nowhere fails before anything is started", async () => {
      const { said, closed } = start("--video", "nowhere.mp4");
      const [code] = await closed;

      expect(code).toBe(1);
      const result = JSON.parse(said.stdout);
      expect(said.stderr).toContain(result.error);
      expect(result).toMatchObject({
        recordingId: null,
        jobId: null,
        status: "failed",
        errorCode: "video_missing",
      });
    });
  });

  describe("with the sample, a video to send, and a browser", () => {
    let program: Program;
    let result: DemoResult;

    beforeAll(async () => {
      // In the place of what opens a person's browser.
      for (const name of ["xdg-open", "open"]) {
        const script = `#!/bin/sh\nprintf %s "$1" > "${join(directory, "opened")}"\n`;
        await writeFile(join(directory, name), script, { mode: 0o755 });
      }
      program = start("--render", "--size", "360", "--open");
      const isKept = () => expect(program.said.stderr).toContain("Still running");
      await vi.waitFor(isKept, { timeout: 200_000, interval: 200 });
      const lines = program.said.stdout.trim().split("\n");
      expect(lines).toHaveLength(1);
      result = JSON.parse(lines[0] ?? "");
    });
    afterAll(() => program?.child.kill("SIGKILL"));

    test("makes audible feedback of it", async () => {
      await expectAudible(result);
      expect(program.said.stderr).toContain("Cost: 0 USD for ");
      const timings = Object.values(result.timingsMs);
      expect(timings.every((value) => value !== null && value > 0)).toBe(true);
      expect(program.said.stderr).toContain("analysis");
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
    });

    test("with --render, makes a file to send: the clip, and room for each remark", async () => {
      const file = resolve(projectRoot, result.video?.file ?? "");
      const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(file) });
      const spoken = result.feedback
        .flatMap(({ audio }) => audio.map(({ durationMs }) => durationMs ?? 0))
        .reduce((sum, each) => sum + each, 0);
      const duration = await input.computeDuration();
      expect(duration).toBeGreaterThan(20 + spoken / 1000 - 0.1);
      expect(duration).toBeLessThan(20 + spoken / 1000 + 3);
      expect(result.video?.durationSeconds).toBeCloseTo(duration, 0);
      const types = (await input.getTracks()).map(({ type }) => type).sort();
      expect(types).toEqual(["audio", "video"]);
      input.dispose();
    });

    test("kept running, says where the recording is seen and heard, and opens it", async () => {
      const [, address = ""] = /See and hear it: (\S+)/.exec(program.said.stderr) ?? [];
      expect(address).toMatch(new RegExp(`#/recordings/${result.recordingId}$`));
      const opened = () => readFile(join(directory, "opened"), "utf8").catch(() => "");
      await expect.poll(opened).toBe(address);
      expect(await (await fetch(address)).text()).toContain('<div id="root">');

      program.child.kill("SIGTERM");
      expect((await program.closed)[0]).toBe(143);
    });
  });

  test("with --brief, looks for what was asked for, and says what became of it", async () => {
    const asked = "first serve, toss height, left arm; skip the footwork; for a twelve-year-old";
    const { exitCode, result, screen } = await played("--brief", asked);

    expect(exitCode, screen).toBe(0);
    if (!("session" in result)) throw new Error("It has no session.");
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
    const { exitCode, result } = await played("--brief", brief);

    expect(exitCode).toBe(1);
    expect(result).toMatchObject({ recordingId: null, errorCode: "invalid_request", error });
  });
});

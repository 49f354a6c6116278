import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeWav } from "../../../../supabase/functions/_shared/testing/make-wav.ts";
import {
  codec,
  makeClip,
  numberIn,
  onsetOf,
  picturesOf,
  soundOf,
  strengthOf,
} from "../testing/clips.ts";
import { coachingOf, jobOf, remarkOf } from "../testing/jobs.ts";
import { checkFile } from "../worker/check-file.ts";
import { compose } from "./compose.ts";

/** A clip of 3 s with a tone of 300 Hz; the voice is one of 440 Hz, after 80 ms of silence. */
const clipTone = 300;
const voiceTone = 440;
const voiceSeconds = 0.6;
const lead = 0.08;
const fps = 15;
let directory: string;
let files: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sideline-coached-"));
  const clip = await makeClip({
    file: join(directory, "clip.mp4"),
    width: 320,
    height: 180,
    fps,
    frames: 3 * fps,
    tone: clipTone,
  });
  const voice = join(directory, "voice.wav");
  const sound = makeWav({ seconds: lead + voiceSeconds, amplitude: 0.05, sampleRate: 22_050 });
  sound.fill(0, 44, 44 + 2 * Math.round(lead * 22_050));
  await writeFile(voice, sound);
  files = { "raw/clip": clip, "processed/voice": voice };
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const remarks = [
  remarkOf({ feedback_id: 1, start_seconds: 1 }),
  remarkOf({ feedback_id: 2, start_seconds: 2.2 }),
];

async function render(mode: "freeze" | "duck", format: "mp4" | "webm" = "mp4") {
  const output = join(directory, `${mode}.${format}`);
  const job = jobOf({ output, files, format, coaching: coachingOf({ mode, remarks }) });
  const done = await compose(job, codec, () => undefined);
  await checkFile(output, done);
  const sound = await soundOf(output);
  return { done, sound, numbers: (await picturesOf(output)).map(numberIn) };
}

describe.each(["mp4", "webm"] as const)("freeze, as %s", (format) => {
  let made: Awaited<ReturnType<typeof render>>;
  beforeAll(async () => {
    made = await render("freeze", format);
  });

  test("holds the picture of each remark's moment, and loses none of the others", () => {
    const held = Math.round((voiceSeconds + 0.4) * fps);
    const expected = Array.from({ length: 3 * fps }, (_, number) =>
      Array.from({ length: number === 15 || number === 33 ? held + 1 : 1 }, () => number),
    ).flat();

    expect(made.numbers).toEqual(expected);
    expect(made.done.seconds).toBeCloseTo(5);
  });

  test("each remark is heard at its moment, within 40 ms", () => {
    expect(Math.abs(onsetOf(made.sound, voiceTone) - 1)).toBeLessThan(0.04);
    expect(Math.abs(onsetOf(made.sound, voiceTone, 2) - 3.2)).toBeLessThan(0.04);
  });

  test("the clip's sound waits too, and the voice is raised", () => {
    expect(strengthOf(made.sound, clipTone, 0.2, 0.9)).toBeGreaterThan(0.4);
    expect(strengthOf(made.sound, clipTone, 1.1, 1.9)).toBeLessThan(0.02);
    expect(strengthOf(made.sound, clipTone, 2.1, 2.9)).toBeGreaterThan(0.4);
    expect(strengthOf(made.sound, voiceTone, 1.1, 1.5)).toBeGreaterThan(0.12);
  });
});

describe("duck", () => {
  let made: Awaited<ReturnType<typeof render>>;
  beforeAll(async () => {
    made = await render("duck");
  });

  test("the clip goes on, and its last picture holds until the last word", () => {
    const whole = Array.from({ length: 3 * fps }, (_, number) => number);

    expect(made.numbers).toEqual([...whole, ...Array.from({ length: 3 }, () => 44)]);
  });

  test("its sound is lowered under each remark, which is heard at its moment", () => {
    expect(strengthOf(made.sound, clipTone, 0.2, 0.8)).toBeGreaterThan(0.4);
    expect(strengthOf(made.sound, clipTone, 1.05, 1.55)).toBeLessThan(0.15);
    expect(strengthOf(made.sound, clipTone, 1.05, 1.55)).toBeGreaterThan(0.05);
    expect(Math.abs(onsetOf(made.sound, voiceTone) - 1)).toBeLessThan(0.04);
    expect(Math.abs(onsetOf(made.sound, voiceTone, 1.8) - 2.2)).toBeLessThan(0.04);
  });
});

import { describe, expect, it } from "vitest";
import { writeSsml } from "../generate/write-ssml.ts";
import { SpeechEngine } from "../speech/engine.ts";
import { ssmlForEspeak } from "../speech/ssml-for-espeak.ts";
import { findVoice } from "../speech/voices.ts";
import type { VideoFacts } from "../video/inspect-video.ts";
import type { Remark } from "./remark.ts";
import { composeReport } from "./report.ts";

const STILL: VideoFacts = {
  container: "MP4",
  videoCodec: "avc",
  width: 1280,
  height: 720,
  rotation: 0,
  frameRate: 29.97,
  usualFrameRate: 29.97,
  frameCount: 300,
  durationSeconds: 10.01,
  sizeBytes: 1_000_000,
  audio: null,
  areEditsFollowed: true,
  lookedAtSeconds: 10.01,
  motion: null,
  possibleCuts: [],
};
const burst = (start: number, end: number, ratio: number) => ({
  start,
  end,
  ratio,
});
const MOVING: VideoFacts = {
  ...STILL,
  motion: {
    bursts: [burst(1, 2.5, 2), burst(6, 8, 6)],
    rests: [
      { start: 0, end: 1 },
      { start: 2.5, end: 6 },
      { start: 8, end: 10.01 },
    ],
    separation: 0.95,
  },
};

describe("the language", () => {
  it.each([
    ["de-AT", "de-AT", /so viel Bewegung/],
    ["it-IT", "en-US", /times rest/],
  ])("asked for %s it is written in %s, and says so", (asked, written, words) => {
    const { language, feedback } = composeReport(MOVING, asked);

    expect(language).toBe(written);
    expect(feedback[0]?.message).toMatch(words);
  });
});

describe("a clip with a brief", () => {
  const brief = {
    rules: [
      { id: "pace", look_for: "The moments with most movement", category: "movement" },
      { id: "toss_height", look_for: "How high the toss is", category: "toss" },
    ],
    skip: ["stillness"],
    answers: [],
  };

  it("leaves out what the brief skips, and names the rule of a remark's category", () => {
    const { feedback } = composeReport(MOVING, "en-US", brief);

    expect(feedback.map(({ category, rule_id }) => [category, rule_id])).toEqual([
      ["movement", "pace"],
      ["movement", "pace"],
    ]);
  });

  it.each([
    ["en-US", "this was not looked for"],
    ["de-DE", "danach wurde nicht gesucht"],
    ["es-ES", "no se ha buscado"],
    ["fr-FR", "n’a pas été cherché"],
  ])("says in %s what it cannot look for, and what it left out", (language, sentence) => {
    const { summary } = composeReport(MOVING, language, brief);

    expect(summary).toContain("How high the toss is");
    expect(summary).not.toContain("most movement”");
    expect(summary).toContain(sentence);
    expect(summary).toMatch(/: stillness\.$/);
  });

  it("has as many remarks as were asked for, the weightiest, and drills only where wanted", () => {
    const answers = [
      { id: "most_remarks", answer: 1 },
      { id: "with_drills", answer: false },
    ];
    const { feedback } = composeReport(MOVING, "en-US", { ...brief, answers });

    expect(feedback).toMatchObject([{ start_seconds: 6, severity: "high", drill: null }]);
  });

  it("is as without one where it asks for nothing", () => {
    const { summary } = composeReport(MOVING, "en-US", { rules: [], skip: [], answers: [] });

    expect(summary).toBe(composeReport(MOVING, "en-US").summary);
  });
});

describe("a clip with bursts", () => {
  it("is told burst by burst, with measured figures, in order of time", () => {
    const { feedback } = composeReport(MOVING, "en-US");

    expect(feedback.map(({ category, start_seconds }) => [category, start_seconds])).toEqual([
      ["movement", 1],
      ["stillness", 2.5],
      ["movement", 6],
    ]);
    expect(feedback[2]?.message).toBe("Movement, 6 to 8 seconds: 6 times rest.");
    expect(feedback[2]?.drill).toBe("Watch it slowly.");
    expect(feedback[0]?.message).toBe("Movement, 1 to 2.5 seconds: 2 times rest.");
    expect(feedback[2]?.severity).toBe("high");
    expect(feedback[0]?.severity).toBe("low");
  });

  it("is surer of what stands out further, and less sure beside a cut", () => {
    const [weak, , strong] = composeReport(MOVING, "en").feedback;
    const atCut = composeReport({ ...MOVING, possibleCuts: [5.8] }, "en").feedback;

    expect(strong?.confidence).toBeGreaterThan(weak?.confidence ?? 1);
    const burstAtCut = atCut.find(({ start_seconds }) => start_seconds === 6);
    expect(burstAtCut?.confidence).toBeLessThan(strong?.confidence ?? 0);
    expect(atCut.map(({ category }) => category)).toContain("cut");
  });

  it("keeps the strongest twelve of many bursts", () => {
    const bursts = Array.from({ length: 40 }, (_, index) =>
      burst(index * 3, index * 3 + 1, 2 + index),
    );
    const facts = {
      ...MOVING,
      durationSeconds: 120,
      motion: { bursts, rests: [], separation: 0.9 },
    };

    const { feedback, metrics } = composeReport(facts, "en");

    expect(feedback).toHaveLength(12);
    expect(feedback.at(-1)?.start_seconds).toBe(117);
    expect(metrics).toContainEqual({ metric_key: "burst_count", metric_value: 40, unit: null });
  });
});

describe("a clip without anything to tell apart", () => {
  it("gets the facts of the recording and no burst metrics", () => {
    const { feedback, metrics, summary } = composeReport(STILL, "en");

    expect(feedback.map(({ category }) => category)).toEqual(["recording"]);
    expect(feedback[0]?.message).toBe("10 seconds, 30 frames a second, no sound.");
    expect(summary).toContain("could be without guessing");
    expect(metrics.map(({ metric_key }) => metric_key)).not.toContain("burst_count");
  });

  it("is told of what limits it", () => {
    const facts = {
      ...STILL,
      frameRate: 12,
      usualFrameRate: 12,
      width: 180,
      height: 320,
      rotation: 90,
    };

    const messages = composeReport(facts, "en").feedback.map(({ message }) => message);

    expect(messages).toHaveLength(3);
    expect(messages[1]).toContain("Only 12 frames a second");
    expect(messages[2]).toContain("Only 180 pixels");
  });

  it("is not blamed for frames that a recorder left out while nothing changed", () => {
    const facts = { ...STILL, frameRate: 4, usualFrameRate: 30 };

    expect(composeReport(facts, "en").feedback).toHaveLength(1);
  });

  it.each([
    ["en", "Only 1 frame a second:"],
    ["de", "Nur 1 Bild pro Sekunde:"],
    ["es", "Solo 1 imagen por segundo:"],
    ["fr", "Seulement 1 image par seconde"],
  ])("counts one frame in %s", (language, words) => {
    const facts = { ...STILL, frameRate: 1, usualFrameRate: 1 };

    expect(composeReport(facts, language).feedback[1]?.message).toContain(words);
  });

  it("says so where its pictures cannot be decoded, or not all were looked at", () => {
    const unseen = composeReport({ ...STILL, lookedAtSeconds: null }, "en-US");
    const partly = composeReport({ ...STILL, durationSeconds: 7200, lookedAtSeconds: 120 }, "en");

    expect(unseen.summary).toContain("cannot be decoded");
    expect(unseen.feedback.map(({ category }) => category)).toEqual(["recording"]);
    expect(partly.summary).toMatch(
      /^Over 2:00 nothing .*: only 2:00 of its 2:00:00 were looked at.$/,
    );
    expect(partly.metrics).toContainEqual({
      metric_key: "looked_at_seconds",
      metric_value: 120,
      unit: "s",
    });
  });

  it("says so where something moves all the time", () => {
    const bursts = [{ start: 0, end: 10.01, ratio: null }];
    const { title, summary, feedback } = composeReport(
      { ...STILL, motion: { bursts, rests: [], separation: 0 } },
      "en-US",
    );

    expect(title).toContain("without clear changes");
    expect(summary).toContain("no moment stands out");
    expect(feedback.map(({ message }) => message)).toEqual(["Movement, 0 to 10 seconds."]);
  });

  it("says so where nobody can tell what is shown when", () => {
    const report = composeReport({ ...STILL, areEditsFollowed: false }, "en");

    expect(report.summary).toContain("edits cannot be followed");
    expect(report.feedback.map(({ category }) => category)).toEqual(["recording"]);
  });
});

describe("every report", () => {
  const languages = ["en-US", "de-AT", "es", "fr-CA", "xx-unknown"];
  const clips = [STILL, MOVING, { ...STILL, durationSeconds: 0.03, frameCount: 1 }];

  it.each(languages)("stays within the clip and the limits in %s", (language) => {
    for (const facts of clips) {
      const report = composeReport(facts, language);
      expect(report.feedback.length).toBeGreaterThan(0);
      expect(new Set(report.metrics.map((m) => m.metric_key)).size).toBe(report.metrics.length);
      for (const remark of report.feedback) {
        expect(remark.start_seconds).toBeGreaterThanOrEqual(0);
        expect(remark.end_seconds).toBeGreaterThanOrEqual(remark.start_seconds);
        expect(remark.end_seconds).toBeLessThanOrEqual(facts.durationSeconds);
        expect(remark.confidence).toBeGreaterThan(0);
        expect(remark.confidence).toBeLessThanOrEqual(1);
        expect(remark.message).toMatch(/\.$/);
      }
    }
  });

  it("writes numbers as its language does", () => {
    expect(composeReport(MOVING, "de-DE").feedback[0]?.message).toContain("1 bis 2,5 Sekunden");
  });

  it("is spoken in eight seconds a remark, whatever there is to say", async () => {
    const engine = new SpeechEngine();
    const late = (start: number, length: number) => burst(start, start + length, 12.5);
    const busy: VideoFacts = {
      ...MOVING,
      durationSeconds: 7187.4,
      possibleCuts: [3777.7],
      motion: {
        bursts: [late(27.7, 48.8), late(3777.7, 99.9)],
        rests: [{ start: 77.7, end: 3777.7 }],
        separation: 0.9,
      },
    };
    const poor = {
      ...STILL,
      frameRate: 17.7,
      usualFrameRate: 17.7,
      width: 177,
      height: 237,
      rotation: 270,
    };
    const spoken: [seconds: number, text: string][] = [];
    for (const language of ["en-US", "de-DE", "es-ES", "fr-FR"]) {
      const remarks = [busy, poor].flatMap((facts) => composeReport(facts, language).feedback);
      expect(new Set(remarks.map(({ category }) => category)).size).toBe(4);
      const wordsOf = ({ message, drill }: Remark) => `${message} ${drill ?? ""}`.length;
      const longest = remarks.sort((a, b) => wordsOf(b) - wordsOf(a)).slice(0, 3);
      for (const { message, drill } of longest) {
        const { ssml } = ssmlForEspeak(writeSsml({ message, drill, language, style: null }));
        const voice = findVoice(language, undefined)?.espeak ?? "";
        const { samples, sampleRate } = await engine.speak({
          ssml,
          voice,
          speakingRate: 1,
          pitch: 0,
        });
        spoken.push([samples.length / sampleRate, `${message} ${drill}`]);
      }
    }

    expect(spoken.filter(([seconds]) => seconds > 8)).toEqual([]);
  });
});

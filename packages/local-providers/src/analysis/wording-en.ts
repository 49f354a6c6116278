import type { Wording } from "./wording.ts";

const frames = (number: string) =>
  `${number} ${number === "1" ? "frame a second" : "frames a second"}`;

export const english: Wording = {
  language: "en",
  decimalMark: ".",
  title: (count) => {
    if (count === null) return "A recording without clear changes";
    return count === 1 ? "One burst of movement" : `${count} bursts of movement`;
  },
  summaryOfBursts: ({ count, active, duration, strongest }) =>
    `In ${duration} of video the picture changes much more than usual in ${count === 1 ? "one stretch" : `${count} stretches`}, ${active} in all. ` +
    `The strongest is ${strongest}; begin there. ` +
    "This was measured from how much the pictures change, so it tells when something moves, not what or how well.",
  summaryOfNothing: ({ duration }) =>
    `Over ${duration} nothing in the picture moves so that it stands out: it is about equally busy, or equally still, throughout. No moment is singled out, because none could be without guessing.`,
  summaryOfThroughout: ({ duration }) =>
    `Something moves in the picture throughout ${duration}: it never rests, so no moment stands out.`,
  summaryOfUnseen: ({ duration }) =>
    `The pictures of this clip of ${duration} cannot be decoded here, so nobody looked at them. No moment is singled out, because none could be without guessing.`,
  summaryOfUnknownEdits: ({ duration }) =>
    `This file's edits cannot be followed, so nobody can say what is shown when in its ${duration}. No moment is singled out, because none could be without guessing.`,
  lookedAt: ({ seen, duration }) =>
    `The clip is long: only ${seen} of its ${duration} were looked at.`,
  cannotLookFor: ({ rules }) =>
    `The brief also asks for ${rules}: this was not looked for, because how the picture changes does not show it.`,
  leftOut: ({ categories }) => `Left out as the brief says: ${categories}.`,
  span: (from, to) => `${from} to ${to}`,
  seconds: (number) => (number === "1" ? "1 second" : `${number} seconds`),
  burst: ({ span, ratio }) => `Movement, ${span}${ratio === null ? "" : `: ${ratio} times rest`}.`,
  burstDrill: "Watch it slowly.",
  stillness: ({ span }) => `Hardly any movement, ${span}.`,
  stillnessDrill: "Was it meant?",
  cut: ({ at }) => `There may be a cut at ${at}.`,
  recording: ({ duration, frameRate, hasSound }) =>
    `${duration}, ${frames(frameRate)}${hasSound ? "" : ", no sound"}.`,
  recordingDrill: "Keep the camera still.",
  lowFrameRate: ({ frameRate }) => `Only ${frames(frameRate)}: quick movements are lost.`,
  lowFrameRateDrill: "Record at 30 or more.",
  smallPicture: ({ pixels }) => `Only ${pixels} pixels across.`,
  smallPictureDrill: "Record at 720 or more.",
};

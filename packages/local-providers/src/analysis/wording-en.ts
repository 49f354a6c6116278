import type { Wording } from "./wording.ts";

export const english: Wording = {
  language: "en",
  decimalMark: ".",
  title: (count) => {
    if (count === null) return "A recording without clear changes";
    return count === 1 ? "One burst of movement" : `${count} bursts of movement`;
  },
  summaryOfBursts: ({ count, active, duration, strongest }) =>
    `In ${duration} seconds of video the picture changes much more than usual in ${count === 1 ? "one stretch" : `${count} stretches`}, ${active} seconds in all. ` +
    `The strongest is ${strongest}; begin there. ` +
    "This was measured from how much the compressed frames change, so it tells when something moves, not what or how well.",
  summaryOfNothing: ({ duration }) =>
    `Over ${duration} seconds nothing in the compressed frames varies enough to tell movement from rest: the clip is about equally busy, or equally still, throughout. No moment is singled out, because none could be without guessing.`,
  summaryOfIntraOnly: ({ duration }) =>
    `In this clip of ${duration} seconds every frame is stored on its own, so the frames' sizes say nothing about movement. No moment is singled out, because none could be without guessing.`,
  burst: ({ start, end, peak, ratio, number, count, isStrongest }) =>
    `A burst of movement from ${start} to ${end} seconds, with about ${ratio} times the activity of the quiet parts. ` +
    `It is busiest near ${peak} seconds.` +
    (count > 1
      ? ` This is number ${number} of ${count}${isStrongest ? " and the strongest" : ""}.`
      : ""),
  burstDrill: ({ start, end }) =>
    `Watch ${start} to ${end} seconds at half speed, stop at the first moment something moves, and note what starts it.`,
  stillness: ({ start, end, length }) =>
    `From ${start} to ${end} seconds hardly anything moves: the longest quiet stretch, ${length} seconds.`,
  stillnessDrill:
    "Watch the last second before the movement begins again, and decide whether the pause was meant.",
  cut: ({ at }) =>
    `There may be a cut at ${at} seconds: the encoder started a new picture there before one was due.`,
  recording: ({ duration, width, height, frameRate, hasSound, rotation }) =>
    `The recording is ${duration} seconds long, ${width} by ${height} pixels at ${frameRate} frames a second, ${hasSound ? "with" : "without"} a sound track` +
    (rotation === 0 ? "." : `, and is turned by ${rotation} degrees when shown.`),
  recordingDrill:
    "Record once more with the camera on a fixed support and a pause before and after each attempt, so that the attempts stand out.",
  lowFrameRate: ({ frameRate }) =>
    `The recording has only ${frameRate} frames a second, so quick movements fall between two frames.`,
  lowFrameRateDrill: "Record at 30 frames a second or more, in good light.",
  smallPicture: ({ width, height }) =>
    `The picture is small, ${width} by ${height} pixels, so details will be hard to see.`,
  smallPictureDrill: "Record at 720 lines or more, or bring the camera closer.",
};

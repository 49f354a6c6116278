// The story of the sample clip: a player waits by the ball, plays two short rallies against a
// wall, and waits again. All positions are in a court of 16 × 9 units, so that any size can be
// rendered; time is in seconds.

import { type Canvas, type Colour, drawStroke, fillGradient, type Point } from "./canvas.ts";

/** When the player moves, in seconds: `[start, end)`. Everything else is rest. */
export const BURSTS: readonly (readonly [start: number, end: number])[] = [
  [4, 7],
  [12, 15],
];
export const CLIP_SECONDS = 20;

/** How far into a burst `time` is, in seconds, or null while the player rests. */
function timeIntoBurst(time: number, bursts = BURSTS): number | null {
  const burst = bursts.find(([start, end]) => time >= start && time < end);
  return burst === undefined ? null : time - burst[0];
}

interface Scene {
  /** The player's hip. */
  hip: Point;
  /** Angle of arms and legs, radians; 0 hangs straight down. */
  arm: number;
  leg: number;
  ball: Point;
}

/** Where everything is at `time`. Resting, only the breath moves. */
export function sceneAt(time: number, bursts = BURSTS): Scene {
  const into = timeIntoBurst(time, bursts);
  if (into === null) {
    const breath = 0.02 * Math.sin(time * 1.6);
    return { hip: [5, 5.4 + breath], arm: 0.25 + breath, leg: 0.22, ball: [6.1, 7.25] };
  }
  const run = Math.sin((into / 3) * Math.PI * 4);
  const rally = (into * 1.5) % 1;
  return {
    hip: [5 + 3.2 * run, 5.4 - 0.25 * Math.abs(Math.sin(into * 9))],
    arm: 0.4 + 1.8 * Math.abs(Math.sin(into * 5)),
    leg: 0.65 * Math.sin(into * 9),
    ball: [
      6.1 + 8 * Math.sin(rally * Math.PI),
      6.9 - 4.2 * Math.abs(Math.sin(rally * Math.PI * 2)),
    ],
  };
}

/** The court alone. It never changes, so it is drawn once and copied under every frame. */
export function drawCourt(canvas: Canvas): void {
  const unit = canvas.width / 16;
  const white: Colour = [236, 240, 232];
  fillGradient(canvas, [186, 214, 226], [222, 232, 226]);
  for (let stripe = 0; stripe < 8; stripe++) {
    const y = (5.2 + stripe * 0.5) * unit;
    const shade = stripe * 5;
    drawStroke(canvas, [0, y], [canvas.width, y], unit * 0.26, [92 + shade, 146 + shade, 104]);
  }
  const line = (from: Point, to: Point) =>
    drawStroke(canvas, scale(from, unit), scale(to, unit), unit * 0.045, white);
  line([1, 8.4], [15, 8.4]);
  line([2.4, 5.6], [14.2, 5.6]);
  line([1, 8.4], [2.4, 5.6]);
  drawStroke(
    canvas,
    scale([14.8, 1.6], unit),
    scale([14.8, 8.2], unit),
    unit * 0.35,
    [176, 108, 84],
  );
  drawStroke(canvas, scale([2.2, 1.5], unit), scale([2.2, 1.5], unit), unit * 0.7, [250, 226, 150]);
}

/** Draws the player and the ball at `time` over a canvas that already shows the court. */
export function drawPlayers(canvas: Canvas, time: number, bursts = BURSTS): void {
  const unit = canvas.width / 16;
  const { hip, arm, leg, ball } = sceneAt(time, bursts);
  const stroke = (from: Point, to: Point, radius: number, colour: Colour, opacity = 1) =>
    drawStroke(canvas, scale(from, unit), scale(to, unit), radius * unit, colour, opacity);
  const neck: Point = [hip[0] + 0.08, hip[1] - 1.5];
  const head: Point = [neck[0] + 0.06, neck[1] - 0.5];

  stroke([hip[0] - 0.5, 7.5], [hip[0] + 0.5, 7.5], 0.16, [50, 80, 60], 0.35);
  stroke([ball[0] - 0.1, 7.5], [ball[0] + 0.1, 7.5], 0.1, [50, 80, 60], 0.35);
  for (const side of [-1, 1]) {
    const foot: Point = [hip[0] + Math.sin(leg * side) * 1.9, hip[1] + Math.cos(leg) * 2];
    stroke(hip, foot, 0.2, [52, 64, 96]);
    const hand: Point = [
      neck[0] + Math.sin(arm * side) * 1.35,
      neck[1] + 0.2 + Math.cos(arm) * 1.35,
    ];
    stroke([neck[0], neck[1] + 0.2], hand, 0.15, [224, 172, 132]);
  }
  stroke(hip, [neck[0], neck[1] + 0.2], 0.38, [206, 74, 66]);
  stroke(head, head, 0.4, [224, 172, 132]);
  stroke([head[0] - 0.1, head[1] - 0.16], [head[0] + 0.14, head[1] - 0.2], 0.26, [70, 50, 44]);
  stroke(ball, ball, 0.24, [240, 214, 70]);
}

function scale([x, y]: Point, unit: number): Point {
  return [x * unit, y * unit];
}

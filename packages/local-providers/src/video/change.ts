/** What of a picture is seen in neither of two others, cell by cell. */
export interface Change {
  /** Mean over all cells, in steps of brightness of 255. */
  mean: number;
  /** That of the few cells that change most: a ball is no more than those. */
  top: number;
}

/** Of so many cells one is among those that change most. */
const CELLS_A_TOP_CELL = 512;
/** Below so many steps (squared) two pictures differ by rounding alone. */
const ROUNDING = 1;

/**
 * How far `middle` is from every mixture of `before` and `behind`, at any brightness and contrast.
 * That is what tells movement: a picture that stays, a cut, a fade, a dissolve, a flash, a lamp, and
 * an encoder that refines a still picture are such mixtures, each for its own reason. What moves is
 * at a place where neither of the others has it.
 */
export function changeBetween(before: Uint8Array, middle: Uint8Array, behind: Uint8Array): Change {
  const count = middle.length;
  // All in two passes: clips of hours come here some hundred thousand times.
  let [middles, halves, steps] = [0, 0, 0];
  let [halfHalf, stepStep, halfStep, middleHalf, middleStep] = [0, 0, 0, 0, 0];
  for (let cell = 0; cell < count; cell++) {
    const first = before[cell] ?? 0;
    const own = middle[cell] ?? 0;
    const last = behind[cell] ?? 0;
    const half = (first + last) / 2;
    const step = last - first;
    middles += own;
    halves += half;
    steps += step;
    halfHalf += half * half;
    stepStep += step * step;
    halfStep += half * step;
    middleHalf += own * half;
    middleStep += own * step;
  }
  const [a, b] = solve(
    [
      halfHalf - (halves * halves) / count + count * ROUNDING,
      halfStep - (halves * steps) / count,
      stepStep - (steps * steps) / count + count * ROUNDING,
    ],
    [middleHalf - (middles * halves) / count, middleStep - (middles * steps) / count],
  );
  const brightness = (middles - a * halves - b * steps) / count;
  const most = new Float64Array(Math.max(1, Math.round(count / CELLS_A_TOP_CELL)));
  let sum = 0;
  for (let cell = 0; cell < count; cell++) {
    const first = before[cell] ?? 0;
    const own = middle[cell] ?? 0;
    const last = behind[cell] ?? 0;
    const rest = Math.abs(own - a * ((first + last) / 2) - b * (last - first) - brightness);
    sum += rest;
    if (rest > (most[0] ?? 0)) keep(most, rest);
  }
  return { mean: sum / count, top: most[0] ?? 0 };
}

/** Into a few ascending values, in place of the least. */
function keep(most: Float64Array, value: number): void {
  let place = 0;
  while (value > (most[place + 1] ?? Number.POSITIVE_INFINITY)) {
    most[place] = most[place + 1] ?? 0;
    place += 1;
  }
  most[place] = value;
}

/** Two equations, whose matrix is symmetric and positive. */
function solve([xx, xy, yy]: [number, number, number], [x, y]: [number, number]): [number, number] {
  const determinant = xx * yy - xy * xy;
  return [(x * yy - y * xy) / determinant, (y * xx - x * xy) / determinant];
}

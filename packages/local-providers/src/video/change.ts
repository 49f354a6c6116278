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
  const half = new Float32Array(count);
  const step = new Float32Array(count);
  for (let cell = 0; cell < count; cell++) {
    const [first = 0, last = 0] = [before[cell], behind[cell]];
    half[cell] = (first + last) / 2;
    step[cell] = last - first;
  }
  const rest = Float32Array.from(middle);
  for (const column of [rest, half, step]) centre(column);
  const [halves, steps, both] = [product(half, half), product(step, step), product(half, step)];
  const [a, b] = solve(
    [halves + count * ROUNDING, both, steps + count * ROUNDING],
    [product(rest, half), product(rest, step)],
  );
  for (let cell = 0; cell < count; cell++) {
    rest[cell] = Math.abs((rest[cell] ?? 0) - a * (half[cell] ?? 0) - b * (step[cell] ?? 0));
  }
  const mean = rest.reduce((sum, value) => sum + value, 0) / count;
  const top = Math.max(1, Math.round(count / CELLS_A_TOP_CELL));
  return { mean, top: rest.sort()[count - top] ?? 0 };
}

function centre(column: Float32Array): void {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  for (let cell = 0; cell < column.length; cell++) column[cell] = (column[cell] ?? 0) - mean;
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let cell = 0; cell < a.length; cell++) sum += (a[cell] ?? 0) * (b[cell] ?? 0);
  return sum;
}

/** Two equations, whose matrix is symmetric and positive. */
function solve([xx, xy, yy]: [number, number, number], [x, y]: [number, number]): [number, number] {
  const determinant = xx * yy - xy * xy;
  return [(x * yy - y * xy) / determinant, (y * xx - x * xy) / determinant];
}

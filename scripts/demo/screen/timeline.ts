/** A stretch of the clip; `label` stands in its bar, as short as a number. */
export interface TimelineItem {
  startSeconds: number;
  endSeconds: number;
  label: string;
}

export interface TimelineLine {
  /** Index of the item whose bar stands here, or null for the axis. */
  bars: { item: number; column: number; text: string }[] | null;
  text: string;
}

/**
 * Draws a clip as an axis with ticks and one bar for each item below it. Bars that overlap go to
 * lanes of their own.
 * @param columns width of the axis; every line is at most that wide
 */
export function drawTimeline(
  columns: number,
  durationSeconds: number,
  items: TimelineItem[],
): TimelineLine[] {
  const duration = Math.max(durationSeconds, 0.001);
  const columnOf = (seconds: number) =>
    Math.min(columns - 1, Math.max(0, Math.round((seconds / duration) * (columns - 1))));
  return [...drawAxis(columns, duration, columnOf), ...drawLanes(columnOf, items)];
}

function drawAxis(
  columns: number,
  duration: number,
  columnOf: (seconds: number) => number,
): TimelineLine[] {
  const step = tickStep(duration, columns);
  const ruler = Array.from({ length: columns }, () => "─");
  const labels = Array.from({ length: columns }, () => " ");
  for (let seconds = 0; seconds <= duration + 1e-6; seconds += step) {
    const column = columnOf(seconds);
    ruler[column] = "┬";
    const label = formatSeconds(seconds);
    const from = Math.min(column, columns - label.length);
    for (const [offset, letter] of [...label].entries()) labels[from + offset] = letter;
  }
  ruler[0] = "├";
  ruler[columns - 1] = "┤";
  return [
    { bars: null, text: labels.join("").trimEnd() },
    { bars: null, text: ruler.join("") },
  ];
}

function drawLanes(columnOf: (seconds: number) => number, items: TimelineItem[]): TimelineLine[] {
  const lanes: { end: number; bars: NonNullable<TimelineLine["bars"]> }[] = [];
  for (const [item, { startSeconds, endSeconds, label }] of items.entries()) {
    const start = columnOf(startSeconds);
    const length = Math.max(columnOf(endSeconds) - start + 1, label.length);
    let lane = lanes.find(({ end }) => end < start);
    if (!lane) {
      lane = { end: -1, bars: [] };
      lanes.push(lane);
    }
    lane.end = start + length;
    lane.bars.push({ item, column: start, text: drawBar(length, label) });
  }
  return lanes.map(({ bars }) => ({
    bars,
    text: bars.reduce((line, { column, text }) => line.padEnd(column) + text, ""),
  }));
}

/** A filled bar with its label in the middle. */
function drawBar(length: number, label: string): string {
  const left = Math.floor((length - label.length) / 2);
  return "█".repeat(left) + label + "█".repeat(length - left - label.length);
}

/** The smallest round step that leaves room for labels. */
function tickStep(duration: number, columns: number): number {
  const atMost = Math.max(2, Math.floor(columns / 8));
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600];
  return steps.find((step) => duration / step <= atMost) ?? duration;
}

/** e.g. "5s", "1:30". */
function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

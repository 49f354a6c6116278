import type { Wording } from "./wording.ts";

/** From here on times are written as a clock shows them: shorter to say, and as players show them. */
const CLOCK_SECONDS = 100;
/** From here on a tenth only takes longer to say. */
const WHOLE_FROM = 10;
/** Below it, a tenth would be 0. */
const LEAST_SECONDS = 0.05;

/** Writes figures as a person would say them, with the language's decimal mark. */
export function numberWriter(wording: Pick<Wording, "decimalMark" | "seconds" | "span">) {
  const write = (value: number) => `${value}`.replace(".", wording.decimalMark);
  const tenths = (value: number) => write(Math.round(value * 10) / 10);
  // More than a tenth would claim a precision that pictures eight times a second do not have.
  const moment = (value: number) => {
    if (value >= CLOCK_SECONDS) return clock(value);
    if (value >= WHOLE_FROM) return write(Math.round(value));
    return value < LEAST_SECONDS ? write(Math.round(value * 100) / 100) : tenths(value);
  };
  /** A begin that nobody would tell from the clip's own is that. */
  const begin = (value: number) => (value < LEAST_SECONDS ? "0" : moment(value));
  const withUnit = (value: number) =>
    value >= CLOCK_SECONDS ? clock(value) : wording.seconds(moment(value));
  return {
    /** A time or a length: "4.5 seconds", "62:58". */
    time: withUnit,
    /** "4.5 to 7 seconds"; late in a clip its begin says it: "62:58". */
    span: (start: number, end: number) =>
      start >= CLOCK_SECONDS ? clock(start) : wording.span(begin(start), withUnit(end)),
    /** 2.5, 12, never a false precision. */
    ratio: (value: number) =>
      write(value < 10 ? Math.round(value * 2) / 2 : Math.min(99, Math.round(value))),
    frameRate: (value: number) => (value < WHOLE_FROM ? tenths(value) : write(Math.round(value))),
  };
}

/** Minutes and seconds, with hours before them where there are any. */
function clock(value: number): string {
  const seconds = Math.round(value);
  const two = (number: number) => `${number}`.padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

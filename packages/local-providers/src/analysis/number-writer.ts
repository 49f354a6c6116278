import type { Wording } from "./wording.ts";

/** Writes figures as a person would say them, with the language's decimal mark. */
export function numberWriter({ decimalMark }: Pick<Wording, "decimalMark">) {
  const write = (value: number) => `${value}`.replace(".", decimalMark);
  return {
    /** To a tenth; more would claim a precision that windows of half a second do not have. */
    seconds: (value: number) => write(Math.round(value * 10) / 10),
    /** 2.5, 12, never a false precision. */
    ratio: (value: number) =>
      write(value < 10 ? Math.round(value * 2) / 2 : Math.min(99, Math.round(value))),
    frameRate: (value: number) => write(Math.round(value * 10) / 10),
  };
}

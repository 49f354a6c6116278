/** Options of `npm test` that are not vitest's own. */
export interface OwnOptions {
  /** How many of the slowest files to list at the end; null where nothing was said. */
  slowest: number | null;
  /** Everything else, for vitest. */
  rest: string[];
}

const fewest = 20;

/** Takes `--slowest` and `--slowest=40` out of the arguments. */
export function takeOwnOptions(args: readonly string[]): OwnOptions {
  const isSlowest = (arg: string) => /^--slowest(=[1-9]\d*)?$/.test(arg);
  const found = args.findLast(isSlowest);
  const count = found?.split("=")[1];
  return {
    slowest: found === undefined ? null : Number(count ?? fewest),
    rest: args.filter((arg) => !isSlowest(arg)),
  };
}

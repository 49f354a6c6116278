import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { LongFirst } from "./scripts/test/long-first.ts";

const ignored = [...configDefaults.exclude, ".local/**", "out/**"];

/**
 * Two levels of tests, told apart by file name:
 * `*.unit.test.ts` needs nothing but the code beside it;
 * `*.integration.test.ts` gets one embedded stack, shared by the whole run, as `inject("stack")`.
 */
export default defineConfig({
  test: {
    // Tests wait for processes and clocks as long as they compute: one more than there are cores.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.unit.test.ts"],
          exclude: ignored,
          pool: "forks",
          // A process and its imports cost more than most files' tests. So a file puts back what it
          // changes: environment, clock, listeners.
          isolate: false,
          // Bounds are for machines under load: nothing is proved by them.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        test: {
          name: "integration",
          include: ["**/*.integration.test.ts"],
          exclude: ignored,
          pool: "forks",
          isolate: false,
          globalSetup: ["scripts/test/global-setup.ts"],
          testTimeout: 240_000,
          // Waits end when what they wait for happens.
          expect: { poll: { timeout: 60_000 } },
          hookTimeout: 240_000,
        },
      },
    ],
  },
});

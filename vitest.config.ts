import { configDefaults, defineConfig } from "vitest/config";

const ignored = [...configDefaults.exclude, ".local/**", "out/**"];

/**
 * Two levels of tests, told apart by file name:
 * `*.unit.test.ts` needs nothing but the code beside it;
 * `*.integration.test.ts` gets one embedded stack, shared by the whole run, as `inject("stack")`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.unit.test.ts"],
          exclude: ignored,
          pool: "forks",
          // They keep nothing in modules, so that one process can run them all.
          isolate: false,
          testTimeout: 30_000,
          expect: { poll: { timeout: 10_000 } },
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
          testTimeout: 60_000,
          // Waits end when what they wait for happens; the bound is for machines under load.
          expect: { poll: { timeout: 20_000 } },
          hookTimeout: 60_000,
        },
      },
    ],
  },
});

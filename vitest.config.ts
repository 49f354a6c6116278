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
        },
      },
      {
        test: {
          name: "integration",
          include: ["**/*.integration.test.ts"],
          exclude: ignored,
          pool: "forks",
          globalSetup: ["scripts/test/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});

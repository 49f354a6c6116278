import { beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "./outcome.ts";
import { shortPlan } from "./plan.ts";
import { runChaos } from "./run-chaos.ts";

describe("some seconds of chaos, on a stack of its own", () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await runChaos(shortPlan(1), () => {});
  }, 900_000);

  test("kill functions, crash Postgres and cut its connections", () => {
    const { injected, recoveries } = outcome;

    expect(injected.kills).toBeGreaterThanOrEqual(3);
    expect(injected["deaths by poison"]).toBeGreaterThanOrEqual(2);
    expect(injected["Postgres restarts"]).toBeGreaterThanOrEqual(1);
    expect(injected["backends terminated"]).toBeGreaterThanOrEqual(3);
    expect(recoveries.claimedAgain).toBeGreaterThan(0);
  });

  test("and break no promise", () => {
    expect(outcome.findings.filter(({ kept }) => !kept)).toEqual([]);
  });
});

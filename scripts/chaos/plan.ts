import { exhaustConnections } from "./injectors/exhaust-connections.ts";
import type { InjectorFactory } from "./injectors/injector.ts";
import { jumpClock } from "./injectors/jump-clock.ts";
import { killFunction } from "./injectors/kill-function.ts";
import { loseAnswers } from "./injectors/lose-answers.ts";
import { losePings } from "./injectors/lose-pings.ts";
import { providerFaults } from "./injectors/provider-faults.ts";
import { restartPostgres } from "./injectors/restart-postgres.ts";
import { terminateBackends } from "./injectors/terminate-backends.ts";

/** How a chaos run goes. */
export interface Plan {
  seed: number;
  /** Kills of functions until it is enough. */
  kills: number;
  longestStormMs: number;
  owners: number;
  /** Items that are kept open while the storm lasts. */
  backlog: number;
  /** Of the injectors' usual pauses. */
  pace: number;
  /** Before the storm: one kill of each function under the default lease of 60 s. */
  withDefaultLeases: boolean;
  injectors: readonly InjectorFactory[];
  /** File for what the stack logs. */
  log: string | null;
}

export const everyInjector: readonly InjectorFactory[] = [
  killFunction,
  restartPostgres,
  terminateBackends,
  exhaustConnections,
  jumpClock,
  losePings,
  loseAnswers,
  providerFaults,
];

export function fullPlan(options: {
  seed: number;
  kills: number;
  minutes: number;
  log: string | null;
}): Plan {
  const { seed, kills, minutes, log } = options;
  return {
    seed,
    kills,
    longestStormMs: minutes * 60_000,
    owners: 4,
    backlog: 40,
    pace: 1,
    withDefaultLeases: true,
    injectors: everyInjector,
    log,
  };
}

import { exhaustConnections } from "./injectors/exhaust-connections.ts";
import type { InjectorFactory } from "./injectors/injector.ts";
import { jumpClock } from "./injectors/jump-clock.ts";
import { killFunction, killOneAtATime } from "./injectors/kill-function.ts";
import { loseAnswers } from "./injectors/lose-answers.ts";
import { losePings } from "./injectors/lose-pings.ts";
import { poisonItem } from "./injectors/poison-item.ts";
import { providerFaults } from "./injectors/provider-faults.ts";
import { restartPostgres } from "./injectors/restart-postgres.ts";
import { terminateBackends } from "./injectors/terminate-backends.ts";

/** How a chaos run goes. */
export interface Plan {
  seed: number;
  owners: number;
  /** Items that are kept open while the storms last. */
  backlog: number;
  /** Of claims in the storms: the default, 20, would leave few recoveries to be seen. */
  leaseSeconds: number;
  /** Workers that an item may take along while they hold nothing else. */
  maxLosses: number;
  /** Beyond its lease, until a killed worker's item must have been claimed again; null: any time. */
  graceSeconds: number | null;
  /** Before the storms: one kill of each function under the default lease of 20 s. */
  withDefaultLeases: boolean;
  storms: readonly PlannedStorm[];
  /** File for what the stack logs. */
  log: string | null;
}

export interface PlannedStorm {
  name: string;
  injectors: readonly InjectorFactory[];
  /** It ends with so many kills of its own, once every injector has struck; or with its time. */
  kills: number;
  longestMs: number;
  /** Of the injectors' usual pauses. */
  pace: number;
  /** Whether recoveries are held against the clock. */
  timesRecoveries: boolean;
}

const everyInjector: readonly InjectorFactory[] = [
  killFunction,
  restartPostgres,
  terminateBackends,
  exhaustConnections,
  jumpClock,
  losePings,
  loseAnswers,
  providerFaults,
];

/** One item that kills whoever works on it, until it has failed. */
const poison: PlannedStorm = {
  name: "a poison item",
  injectors: [poisonItem],
  kills: 0,
  longestMs: 180_000,
  pace: 0.01,
  timesRecoveries: false,
};

/** Of all kills, those that are made with nothing else going wrong: they show how quick recovery is. */
const killsAlone = 0.6;

export function fullPlan(options: {
  seed: number;
  kills: number;
  minutes: number;
  log: string | null;
}): Plan {
  const { seed, kills, minutes, log } = options;
  const alone = Math.ceil((kills - defaultLeaseKills) * killsAlone);
  const longestMs = (minutes * 60_000) / 2;
  return {
    seed,
    owners: 4,
    backlog: 20,
    leaseSeconds: 4,
    maxLosses: 5,
    // For the tick of cron, the start of a process and its claim.
    graceSeconds: 2,
    withDefaultLeases: true,
    storms: [
      poison,
      {
        name: "kills alone",
        injectors: [killOneAtATime],
        kills: alone,
        longestMs,
        pace: 1,
        timesRecoveries: true,
      },
      {
        name: "everything at once",
        injectors: everyInjector,
        kills: kills - defaultLeaseKills - alone,
        longestMs,
        pace: 1,
        timesRecoveries: false,
      },
    ],
    log,
  };
}

/** Some seconds of the same, for `npm test`. */
export function shortPlan(seed: number): Plan {
  return {
    seed,
    owners: 2,
    backlog: 4,
    // On a busy machine a worker may not extend a shorter one in time.
    leaseSeconds: 4,
    // With the default of 5 a poison item would take half a minute to fail.
    maxLosses: 2,
    // The full run holds recoveries against the clock; tests must pass on any machine.
    graceSeconds: null,
    withDefaultLeases: false,
    storms: [
      poison,
      {
        name: "kills alone",
        injectors: [killOneAtATime],
        kills: 1,
        longestMs: 240_000,
        pace: 0.5,
        timesRecoveries: true,
      },
      {
        name: "everything at once",
        // All but the injector that holds the machine up for seconds by opening 200 connections.
        injectors: everyInjector.filter((injector) => injector !== exhaustConnections),
        kills: 2,
        longestMs: 240_000,
        pace: 0.25,
        timesRecoveries: false,
      },
    ],
    log: null,
  };
}

/** One of each function. */
const defaultLeaseKills = 3;

export function plannedKills({ storms, withDefaultLeases }: Plan): number {
  const inStorms = storms.reduce((sum, storm) => sum + storm.kills, 0);
  return inStorms + (withDefaultLeases ? defaultLeaseKills : 0);
}

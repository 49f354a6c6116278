import { findRecoveries } from "../world/recovery.ts";
import type { World } from "../world/world.ts";
import { type Finding, nothingBreaks } from "./finding.ts";

export interface Recoveries {
  /** Items whose worker was killed while it held them. */
  orphaned: number;
  /** Of these, claimed again by another worker. */
  claimedAgain: number;
  /** Their result had been sent off before the kill, or their worker had put them back. */
  alreadyDone: number;
  /** Out of attempts. */
  givenUp: number;
  /** Seconds from a kill to the next claim with nothing else going wrong, by lease in seconds. */
  slowest: Record<string, number>;
  /** The same while everything went wrong at once. */
  slowestInTheStorm: number;
}

/** @param graceSeconds beyond its lease, until an item must have been claimed again; null: any time */
export async function judgeRecoveries(
  world: World,
  graceSeconds: number | null,
): Promise<{ recoveries: Recoveries; findings: Finding[] }> {
  const { orphans } = world.ledger;
  const ends = await findRecoveries(world, orphans);
  const recoveries: Recoveries = {
    orphaned: orphans.length,
    claimedAgain: 0,
    alreadyDone: 0,
    givenUp: 0,
    slowest: {},
    slowestInTheStorm: 0,
  };
  const never: object[] = [];
  const late: object[] = [];
  for (const { stage, id, token, killedAt, leaseSeconds, isTimed } of orphans) {
    const end = ends.get(token);
    if (end === undefined) {
      never.push({ stage, id });
      continue;
    }
    if (end.to_status === "processing") recoveries.claimedAgain += 1;
    else if (end.to_status === "failed") recoveries.givenUp += 1;
    else recoveries.alreadyDone += 1;
    const seconds = Math.round((end.at - killedAt) / 10) / 100;
    if (!isTimed) {
      recoveries.slowestInTheStorm = Math.max(recoveries.slowestInTheStorm, seconds);
      continue;
    }
    recoveries.slowest[leaseSeconds] = Math.max(recoveries.slowest[leaseSeconds] ?? 0, seconds);
    if (graceSeconds === null || seconds <= leaseSeconds + graceSeconds) continue;
    late.push({ stage, id, seconds, leaseSeconds, killedAt: new Date(killedAt).toISOString() });
  }
  return {
    recoveries,
    findings: [
      nothingBreaks("whatever a killed worker held has been taken up", never),
      ...(graceSeconds === null
        ? []
        : [
            nothingBreaks(
              `with nothing else going wrong it is within its lease + ${graceSeconds} s`,
              late,
            ),
          ]),
    ],
  };
}

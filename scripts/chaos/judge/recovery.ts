import type { Orphan } from "../world/ledger.ts";
import type { World } from "../world/world.ts";
import { type Finding, nothingBreaks } from "./finding.ts";

/** Beyond the lease, for the tick of cron, the start of a process and its claim. */
const graceSeconds = 2;

export interface Recoveries {
  /** Items whose worker was killed while it held them. */
  orphaned: number;
  /** Of these, claimed again by another worker. */
  claimedAgain: number;
  /** The worker had committed its result before it died. */
  alreadyDone: number;
  /** Out of attempts. */
  givenUp: number;
  /** Seconds from the kill to the next claim, outages taken out, by lease in seconds. */
  slowest: Record<string, number>;
  /** The same with outages. */
  slowestWithOutages: number;
}

interface End {
  at: number;
  to_status: string;
}

/** Follows every orphaned item in the audit to where somebody took it up again. */
export async function judgeRecoveries(
  world: World,
): Promise<{ recoveries: Recoveries; finding: Finding }> {
  const recoveries: Recoveries = {
    orphaned: world.ledger.orphans.length,
    claimedAgain: 0,
    alreadyDone: 0,
    givenUp: 0,
    slowest: {},
    slowestWithOutages: 0,
  };
  const late: object[] = [];
  for (const orphan of world.ledger.orphans) {
    const end = await endOfClaim(world, orphan);
    const { stage, id, killedAt, leaseSeconds } = orphan;
    if (end === undefined) {
      late.push({ stage, id, recovered: "never" });
      continue;
    }
    if (end.to_status === "processing") recoveries.claimedAgain += 1;
    else if (end.to_status === "failed") recoveries.givenUp += 1;
    else recoveries.alreadyDone += 1;
    const seconds = (end.at - killedAt) / 1000;
    const ownSeconds = seconds - world.outages.during(stage, killedAt, end.at) / 1000;
    const slowest = recoveries.slowest[leaseSeconds] ?? 0;
    recoveries.slowest[leaseSeconds] = Math.max(slowest, rounded(ownSeconds));
    recoveries.slowestWithOutages = Math.max(recoveries.slowestWithOutages, rounded(seconds));
    if (ownSeconds > leaseSeconds + graceSeconds) {
      late.push({ stage, id, seconds: rounded(ownSeconds), leaseSeconds });
    }
  }
  const promise = `what a killed worker held is claimed again within its lease + ${graceSeconds} s`;
  return { recoveries, finding: nothingBreaks(promise, late) };
}

/** The first change of the item that ended the orphaned claim. */
async function endOfClaim({ sql }: World, { stage, id, token }: Orphan): Promise<End | undefined> {
  const [end] = await sql<End>`
    select (extract(epoch from at) * 1000)::float8 as at, to_status from chaos.transitions
    where stage = ${stage} and id = ${id} and from_token = ${token}
      and to_token is distinct from from_token
    order by n limit 1`;
  return end;
}

function rounded(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

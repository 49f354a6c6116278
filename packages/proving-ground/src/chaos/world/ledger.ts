/**
 * What the workers hold, as the wire shows it: claims that came back, and what became of them. When
 * a function's process is killed, whatever it held is noted as orphaned, to be looked for later.
 */
import { claimHeadSchema, type Stage } from "@sideline/contracts";
import { z } from "zod";
import type { Answer, PipelineCall, PipelineRule } from "./wire.ts";

export interface HeldItem {
  stage: Stage;
  id: number;
  token: string;
  claimedAt: number;
  /** Of the stage's settings, when it was claimed. */
  leaseSeconds: number;
}

/** An item whose worker was killed while it held it. Times are milliseconds since 1970. */
export interface Orphan extends HeldItem {
  killedAt: number;
  /** Nothing else was wrong at the time, so that its recovery may be held against the clock. */
  isTimed: boolean;
}

export interface Ledger {
  rule: PipelineRule;
  held(stage: Stage): HeldItem[];
  readonly orphans: readonly Orphan[];
  /** Whatever the stage's workers hold, or are about to be given, is orphaned. */
  orphan(stage: Stage, at: number): void;
  /** Whether recoveries from kills made from now on are held against the clock. */
  timesRecoveries: boolean;
  /** Lease that claims get from now on. */
  leaseSeconds: number;
  /** Writes refused because the lease had passed on: the tokens they carried. */
  readonly staleTokens: readonly string[];
  readonly claims: number;
}

const claimsSchema = z.array(claimHeadSchema.loose());
const headSchema = z.object({ id: z.number(), lease_token: z.string() });
const completionSchema = z.object({ results: z.array(headSchema) });
const outcomesSchema = z.array(z.object({ id: z.number(), outcome: z.string() }));

export function keepLedger(): Ledger {
  const held = new Map<string, HeldItem>();
  const orphans: Orphan[] = [];
  const staleTokens: string[] = [];
  /** Kills of each stage so far, and the last one's time. */
  const kills = new Map<Stage, { count: number; at: number }>();
  const killsOf = (stage: Stage) => kills.get(stage) ?? { count: 0, at: 0 };
  let claims = 0;

  const orphaned = (item: HeldItem, killedAt: number): Orphan => ({
    ...item,
    killedAt,
    isTimed: ledger.timesRecoveries,
  });

  function noteClaims(stage: Stage, answer: Answer, killsBefore: number, leaseSeconds: number) {
    if (answer.status !== 200) return;
    const killed = killsOf(stage);
    for (const { id, lease_token: token } of claimsSchema.parse(JSON.parse(answer.body))) {
      claims += 1;
      const item = { stage, id, token, claimedAt: Date.now(), leaseSeconds };
      // Given to a process that had died before the answer came: nobody will ever work on it.
      if (killed.count > killsBefore) orphans.push(orphaned(item, killed.at));
      else held.set(token, item);
    }
  }

  function noteSettled({ verb, body }: PipelineCall, answer: Answer): void {
    if (answer.status !== 200) return;
    const outcomes: unknown = JSON.parse(answer.body);
    const heads =
      verb === "complete"
        ? completionSchema.parse(JSON.parse(body)).results
        : [headSchema.parse(JSON.parse(body))];
    for (const [index, { lease_token: token }] of heads.entries()) {
      const outcome =
        verb === "complete" ? outcomesSchema.parse(outcomes)[index]?.outcome : outcomes;
      const isStale = verb === "extend" ? outcome === null : outcome === "stale";
      if (isStale) staleTokens.push(token);
      if (isStale || verb !== "extend") held.delete(token);
    }
  }

  const ledger: Ledger = {
    async rule(call, proceed) {
      const before = killsOf(call.stage).count;
      const { leaseSeconds } = ledger;
      const answer = await proceed();
      if (call.verb === "claim") noteClaims(call.stage, answer, before, leaseSeconds);
      else noteSettled(call, answer);
      return answer;
    },
    held: (stage) => [...held.values()].filter((item) => item.stage === stage),
    orphans,
    orphan(stage, at) {
      kills.set(stage, { count: killsOf(stage).count + 1, at });
      for (const item of ledger.held(stage)) {
        held.delete(item.token);
        orphans.push(orphaned(item, at));
      }
    },
    timesRecoveries: true,
    leaseSeconds: 20,
    staleTokens,
    get claims() {
      return claims;
    },
  };
  return ledger;
}

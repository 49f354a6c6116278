import { setTimeout as sleep } from "node:timers/promises";
import { type FunctionCallUsage, type Stack, startTemporaryStack } from "@sideline/local-stack";
import type pg from "pg";
import { connect } from "../connect.ts";

/** A call of a function and what it used. */
export interface RecordedCall extends FunctionCallUsage {
  function: string;
}

export interface RecordedStack extends Stack {
  /** As role `postgres`. */
  db: pg.Client;
  /** Does this, waits until no work is left and no call is open, and returns the calls it led to. */
  during(act: () => Promise<void>): Promise<RecordedCall[]>;
}

/** Nothing calls functions but who measures, and they each other. */
export async function startRecordedStack(
  track: (stop: () => Promise<void>) => void,
): Promise<RecordedStack> {
  const calls: RecordedCall[] = [];
  let lastBusy = 0;
  const stack = await startTemporaryStack({
    cron: false,
    providers: "local",
    onFunctionCall(name, usage) {
      calls.push({ function: name, ...usage });
      lastBusy = performance.now();
    },
  });
  const db = await connect(stack.dbUrl);
  track(async () => {
    await db.end();
    await stack.stop();
  });

  /** Whether any work is left, and the functions of those stages that nobody works on. */
  const left = async (): Promise<{ any: boolean; idle: string[] }> => {
    const { rows } = await db.query<{ name: string; held: boolean }>(
      `select s.function_name as name, bool_or(t.lease_token is not null) as held
       from pipeline.tasks as t join pipeline.stages as s using (stage)
       where s.function_name is not null group by 1`,
    );
    const idle = rows.filter(({ held }) => !held).map(({ name }) => name);
    return { any: rows.length > 0, idle };
  };
  const wake = (name: string) =>
    fetch(`${stack.apiUrl}/functions/v1/${name}`, {
      method: "POST",
      headers: { apikey: stack.secretKey, "content-type": "application/json" },
      body: "{}",
    });
  return {
    ...stack,
    db,
    async during(act) {
      calls.length = 0;
      await act();
      // What a call used is told behind its answer.
      lastBusy = performance.now();
      const until = performance.now() + patienceMs;
      for (let idleLooks = 0; ; await sleep(lookMs)) {
        const { any, idle } = await left();
        // Nor has a call that works for long ended when its last task has.
        if (any && idle.length === 0) lastBusy = performance.now();
        const isQuiet = performance.now() - lastBusy > quietMs;
        if (!any && isQuiet) return [...calls];
        if (performance.now() > until) throw new Error("The work does not come to its end.");
        idleLooks = idle.length > 0 && isQuiet ? idleLooks + 1 : 0;
        // As cron would: a wake may get lost where the machine is busy.
        if (idleLooks * lookMs > quietMs) await Promise.all(idle.map(wake));
      }
    },
  };
}

/** A call that wakes another ends before that one has begun to be told of. */
const quietMs = 2_500;
const patienceMs = 600_000;
const lookMs = 100;

import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { grouped } from "../../table.ts";
import type { Ring } from "../arena.ts";
import type { Form } from "../contestants/contestant.ts";
import type { CaseContext, CaseOutcome } from "./case.ts";

interface Held {
  form: Form;
  /** Items a second. */
  before: number;
  held: number;
}

/** Throughput before, and at the end of a transaction that is held open under load (case d). */
export async function heldTransaction(context: CaseContext): Promise<CaseOutcome> {
  const { arena, sizes } = context;
  const outcomes: Held[] = [];
  for (const contestant of arena.contestants) {
    const form = contestant.forms(1).findLast(({ name }) => name !== "bare");
    if (form === undefined) continue;
    await using ring = await arena.enter(contestant, "held");
    outcomes.push(await measureHeld(ring, form, context));
  }
  const seconds = sizes.holdMs / 1000;
  return {
    tables: [
      {
        title: `(d) Items a second, and after ${seconds} s of a held transaction`,
        columns: ["queue", "form", "before", `after ${seconds} s`, "share"],
        rows: outcomes.map(({ form, before, held }) => [
          form.contestant,
          form.name,
          grouped(before),
          grouped(held),
          `${Math.floor((held / before) * 100)} %`,
        ]),
        notes: [
          `Batch 1, ${sizes.connections} workers at work all the time, each rate over ` +
            `${sizes.holdWindowMs / 1000} s, once per queue.`,
        ],
      },
    ],
    data: outcomes,
    faults: 0,
  };
}

async function measureHeld(
  { place, adminUrl }: Ring,
  form: Form,
  { sizes, say }: CaseContext,
): Promise<Held> {
  await place.fill(sizes.holdDepth, false);
  let finished = 0;
  const running = await place.work(form, {
    batch: 1,
    effect: false,
    connections: sizes.connections,
    done(ids) {
      finished += ids.length;
    },
  });
  const rate = async () => {
    const from = finished;
    const began = performance.now();
    await sleep(sizes.holdWindowMs);
    return (finished - from) / ((performance.now() - began) / 1000);
  };
  const holder = new pg.Client(adminUrl);
  try {
    await sleep(sizes.holdWindowMs / 5);
    const before = await rate();
    await holder.connect();
    await holder.query("begin isolation level repeatable read");
    // Takes a snapshot and a transaction id, and then does nothing.
    await holder.query("select pg_current_xact_id()");
    await sleep(Math.max(0, sizes.holdMs - sizes.holdWindowMs));
    const held = await rate();
    say(`d ${form.contestant}: ${grouped(before)}/s before, ${grouped(held)}/s held`);
    return { form, before, held };
  } finally {
    await holder.end();
    await running.stop();
  }
}

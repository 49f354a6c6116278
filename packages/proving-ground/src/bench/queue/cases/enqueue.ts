import { connect } from "../../connect.ts";
import { spreadOf } from "../../spread.ts";
import { words } from "../contestants/contestant.ts";
import { sideline } from "../contestants/sideline.ts";
import { insertFeedback } from "../contestants/sideline-data.ts";
import type { CaseContext, CaseOutcome } from "./case.ts";

const table = "public.analysis_feedback";

/** What the triggers that enqueue cost a row, in one insert of many (case e). */
export async function enqueueCost({ arena, sizes, say }: CaseContext): Promise<CaseOutcome> {
  await using ring = await arena.enter(sideline, "enqueue");
  await ring.place.fill(sizes.enqueued * 2, false);
  const client = await connect(ring.adminUrl);
  const data = { name: "feedback → ssml", with: [0].slice(1), without: [0].slice(1) };
  try {
    // The first of each is thrown away: it meets cold plans and pages.
    for (let repeat = 0; repeat <= sizes.repeats; repeat++) {
      for (const kind of ["with", "without"] as const) {
        await client.query("begin");
        if (kind === "without") await client.query(`alter table ${table} disable trigger user`);
        const began = performance.now();
        await client.query(insertFeedback, [sizes.enqueued, words.message, words.drill]);
        const each = (performance.now() - began) / sizes.enqueued;
        await client.query("rollback");
        await client.query(`vacuum ${table}`);
        if (repeat > 0) data[kind].push(each);
      }
      if (repeat > 0) say(`e ${repeat}/${sizes.repeats}`);
    }
  } finally {
    await client.end();
  }
  const withTrigger = spreadOf(data.with);
  const without = spreadOf(data.without);
  return {
    tables: [
      {
        title: "(e) Insert and enqueue, milliseconds a row",
        columns: ["insert", "with trigger", "without", "the trigger", "with, min – max"],
        rows: [
          [
            data.name,
            withTrigger.median.toFixed(4),
            without.median.toFixed(4),
            (withTrigger.median - without.median).toFixed(4),
            `${withTrigger.min.toFixed(4)} – ${withTrigger.max.toFixed(4)}`,
          ],
        ],
        notes: [
          `${sizes.enqueued} rows of 20 owners in one statement. Without the trigger the rows are ` +
            "not queued, so it is charged with the queue's index entries too.",
        ],
      },
    ],
    data: [data],
    faults: 0,
  };
}

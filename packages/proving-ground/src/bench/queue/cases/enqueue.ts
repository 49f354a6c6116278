import pg from "pg";
import { spreadOf } from "../../spread.ts";
import { words } from "../contestants/contestant.ts";
import { sideline } from "../contestants/sideline.ts";
import { insertFeedback } from "../contestants/sideline-data.ts";
import type { CaseContext, CaseOutcome } from "./case.ts";

const enqueues = [
  {
    name: "feedback → ssml",
    table: "public.analysis_feedback",
    text: insertFeedback,
    values: [words.message, words.drill],
  },
];

/** What the triggers that enqueue cost a row, in one insert of many (case e). */
export async function enqueueCost({ arena, sizes, say }: CaseContext): Promise<CaseOutcome> {
  await using ring = await arena.enter(sideline, "enqueue");
  await ring.place.fill(sizes.enqueued * 2, false);
  const client = new pg.Client(ring.adminUrl);
  await client.connect();
  const data = enqueues.map(({ name }) => ({ name, with: [0].slice(1), without: [0].slice(1) }));
  try {
    // The first of each is thrown away: it meets cold plans and pages.
    for (let repeat = 0; repeat <= sizes.repeats; repeat++) {
      for (const [place, { table, text, values }] of enqueues.entries()) {
        for (const kind of ["with", "without"] as const) {
          await client.query("begin");
          if (kind === "without") await client.query(`alter table ${table} disable trigger user`);
          const began = performance.now();
          await client.query(text, [sizes.enqueued, ...values]);
          const each = (performance.now() - began) / sizes.enqueued;
          await client.query("rollback");
          await client.query(`vacuum ${table}`);
          if (repeat > 0) data[place]?.[kind].push(each);
        }
      }
      if (repeat > 0) say(`e ${repeat}/${sizes.repeats}`);
    }
  } finally {
    await client.end();
  }
  return {
    tables: [
      {
        title: "(e) Insert and enqueue, milliseconds a row",
        columns: ["insert", "with trigger", "without", "the trigger", "with, min – max"],
        rows: data.map((one) => {
          const withTrigger = spreadOf(one.with);
          const without = spreadOf(one.without);
          return [
            one.name,
            withTrigger.median.toFixed(4),
            without.median.toFixed(4),
            (withTrigger.median - without.median).toFixed(4),
            `${withTrigger.min.toFixed(4)} – ${withTrigger.max.toFixed(4)}`,
          ];
        }),
        notes: [
          `${sizes.enqueued} rows of 20 owners in one statement. Without the trigger the rows are ` +
            "not queued, so it is charged with the queue's index entries too.",
        ],
      },
    ],
    data,
    faults: 0,
  };
}

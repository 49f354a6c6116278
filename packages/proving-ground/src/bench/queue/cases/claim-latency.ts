import { percentile, spreadOf } from "../../spread.ts";
import { grouped, millis } from "../../table.ts";
import type { Ring } from "../arena.ts";
import type { CaseContext, CaseOutcome } from "./case.ts";

interface Series {
  queue: string;
  depth: number;
  /** Milliseconds of each claim, a list for each repeat. */
  repeats: number[][];
}

/** How long one claim of one item takes a lone worker, at growing depths (case c). */
export async function claimLatency({ arena, sizes, say }: CaseContext): Promise<CaseOutcome> {
  await using rings = new AsyncDisposableStack();
  const entries: { ring: Ring; series: Series }[] = [];
  for (const depth of sizes.latencyDepths) {
    for (const contestant of arena.contestants) {
      say(`c filling ${contestant.name} to ${grouped(depth)}`);
      const ring = rings.use(await arena.enter(contestant, "latency"));
      await ring.place.fill(depth, false);
      entries.push({ ring, series: { queue: contestant.name, depth, repeats: [] } });
    }
  }
  for (let repeat = 1; repeat <= sizes.repeats; repeat++) {
    for (const { ring, series } of entries) {
      await ring.place.fill(series.depth, false);
      series.repeats.push(await ring.place.claimLatencies(sizes.claims));
    }
    say(`c ${repeat}/${sizes.repeats}`);
  }
  const all = entries.map(({ series }) => series);
  return { tables: [table(all, sizes.repeats * sizes.claims)], data: all, faults: 0 };
}

function table(series: Series[], claims: number) {
  const shallowest = Math.min(...series.map(({ depth }) => depth));
  const p95 = ({ repeats }: Series) => percentile(repeats.flat(), 0.95);
  return {
    title: "(c) One claim, milliseconds",
    columns: ["depth", "queue", "p50", "p95", "p99", "p95 of the repeats", "p95 / shallowest"],
    rows: series.map((one) => {
      const values = one.repeats.flat();
      const spread = spreadOf(one.repeats.map((repeat) => percentile(repeat, 0.95)));
      const base = series.find(({ queue, depth }) => queue === one.queue && depth === shallowest);
      return [
        grouped(one.depth),
        one.queue,
        millis(percentile(values, 0.5)),
        millis(p95(one)),
        millis(percentile(values, 0.99)),
        `${millis(spread.min)} – ${millis(spread.max)}`,
        base === undefined ? "" : (p95(one) / p95(base)).toFixed(2),
      ];
    }),
    notes: [`${grouped(claims)} claims each, one worker, the item finished between two claims.`],
  };
}

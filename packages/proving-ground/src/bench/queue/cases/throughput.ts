import { type Spread, spreadOf } from "../../spread.ts";
import { grouped, type Table } from "../../table.ts";
import type { Ring } from "../arena.ts";
import type { Form } from "../contestants/contestant.ts";
import { type Measurement, measure } from "../measure.ts";
import type { CaseContext, CaseOutcome } from "./case.ts";

interface Series {
  form: Form;
  batch: number;
  depth: number;
  effect: boolean;
  runs: Measurement[];
}

/** Claim and complete, without and with what the work writes (cases a and b, and f from both). */
export async function throughput(context: CaseContext, effect: boolean): Promise<CaseOutcome> {
  const series: Series[] = [];
  for (const depth of context.sizes.depths) {
    series.push(...(await atDepth(context, depth, effect)));
  }
  const faults = series
    .flatMap(({ runs }) => runs)
    .reduce((sum, { lost, twice }) => sum + lost + twice, 0);
  return { tables: [speedTable(series, effect), costTable(series, effect)], data: series, faults };
}

async function atDepth(
  { arena, sizes, say }: CaseContext,
  depth: number,
  effect: boolean,
): Promise<Series[]> {
  await using rings = new AsyncDisposableStack();
  const entries: { ring: Ring; series: Series }[] = [];
  for (const contestant of arena.contestants) {
    const ring = rings.use(await arena.enter(contestant, effect ? "effect" : "plain"));
    for (const batch of sizes.batches) {
      // What ends an item without a result has no effect to be compared with.
      const forms = contestant.forms(batch).filter(({ name }) => !(effect && name === "bare"));
      for (const form of forms) {
        entries.push({ ring, series: { form, batch, depth, effect, runs: [] } });
      }
    }
  }
  for (let repeat = 1; repeat <= sizes.repeats; repeat++) {
    for (const { ring, series } of entries) {
      const { form, batch } = series;
      const { connections, windowMs } = sizes;
      const options = { adminUrl: ring.adminUrl, depth, batch, effect, connections, windowMs };
      const run = await measure(ring.place, form, options);
      series.runs.push(run);
      say(
        `${effect ? "b" : "a"} ${repeat}/${sizes.repeats} depth ${grouped(depth)} batch ${batch} ` +
          `${form.contestant} (${form.name}): ${grouped(run.perSecond)}/s`,
      );
    }
  }
  return entries.map(({ series }) => series);
}

function speedTable(series: Series[], effect: boolean): Table {
  return {
    title: effect
      ? "(b) Claim and complete with the domain effect, items a second"
      : "(a) Claim and complete, items a second",
    columns: ["depth", "batch", "queue", "form", "median", "min – max", "lost", "twice"],
    rows: inOrder(series).map(({ form, batch, depth, runs }) => {
      const speed = spreadOf(runs.map(({ perSecond }) => perSecond));
      return [
        grouped(depth),
        String(batch),
        form.contestant,
        form.name,
        grouped(speed.median),
        range(speed),
        sum(runs.map(({ lost }) => lost)),
        sum(runs.map(({ twice }) => twice)),
      ];
    }),
    notes: settingsOf(series),
  };
}

function costTable(series: Series[], effect: boolean): Table {
  return {
    title: `(f) Cost an item ${effect ? "with the domain effect" : "of claim and complete"}`,
    columns: ["depth", "batch", "queue", "form", "WAL bytes", "dead tuples"],
    rows: inOrder(series).map(({ form, batch, depth, runs }) => [
      grouped(depth),
      String(batch),
      form.contestant,
      form.name,
      grouped(spreadOf(runs.map(({ walBytes }) => walBytes)).median),
      spreadOf(runs.map(({ deadTuples }) => deadTuples)).median.toFixed(2),
    ]),
    notes: [],
  };
}

function inOrder(series: Series[]): Series[] {
  return series.toSorted((a, b) => a.depth - b.depth || a.batch - b.batch);
}

function range({ min, max }: Spread): string {
  return `${grouped(min)} – ${grouped(max)}`;
}

function sum(values: number[]): string {
  return String(values.reduce((total, value) => total + value, 0));
}

function settingsOf(series: Series[]): string[] {
  const lines = series.map(
    ({ form, batch }) => `- ${form.contestant}, ${form.name}, batch ${batch}: \`${form.settings}\``,
  );
  return [...new Set(lines)];
}

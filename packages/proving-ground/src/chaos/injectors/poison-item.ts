import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { PipelineRule } from "../world/wire.ts";
import type { InjectorFactory } from "./injector.ts";

const neighbours = 6;
const patienceMs = 180_000;
const lookEveryMs = 100;

const head = z.object({ id: z.number() });
const completion = z.object({ results: z.array(head) });

/**
 * Puts a remark among good ones whose SSML kills whoever writes it: the function's process dies
 * when it hands the item in, or gives it back, and with it goes all else that it holds.
 */
export const poisonItem: InjectorFactory = ({ sql, wire, ledger, processes }) => {
  const poisonous = new Set<number>();
  let deaths = 0;

  const die: PipelineRule = async (call, proceed) => {
    if (call.stage !== "ssml" || call.verb === "claim" || call.verb === "extend") {
      return await proceed();
    }
    const body: unknown = JSON.parse(call.body);
    const ids = call.verb === "complete" ? completion.parse(body).results : [head.parse(body)];
    if (!ids.some(({ id }) => poisonous.has(id))) return await proceed();
    if (processes.kill("ssml") > 0) {
      deaths += 1;
      ledger.orphan("ssml", Date.now());
    }
    return "cut";
  };
  wire.addRule(die);

  return {
    name: "poison-item",
    every: [60_000, 60_000],
    async strike() {
      const rows = await sql<{ id: number | null }>`
        with added as (
          insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
            category, severity, confidence, message)
          select j.id, j.user_id, n, n + 1, 'activity', 'low', 0.5, 'A remark among others.'
          from (
            select id, user_id from public.analysis_jobs where status = 'completed' order by id limit 1
          ) as j
          cross join generate_series(0, ${neighbours}::int) as n
          order by n
          returning id, start_seconds
        )
        insert into chaos.added_feedback (feedback_id, is_poison)
        select id, start_seconds = ${neighbours / 2}::int from added
        returning case when is_poison then feedback_id::int end as id`;
      for (const { id } of rows) if (id !== null) poisonous.add(id);
      for (const ends = Date.now() + patienceMs; Date.now() < ends; await sleep(lookEveryMs)) {
        const [left] = await sql<{ n: number }>`
          select count(*)::int as n from public.analysis_feedback
          where id = any(${[...poisonous]}::bigint[]) and ssml_status <> 'failed'`;
        if (left?.n === 0) return;
      }
    },
    counts: () => ({ "poison items": poisonous.size, "deaths by poison": deaths }),
  };
};

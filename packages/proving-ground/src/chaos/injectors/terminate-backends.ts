import { ownName } from "../world/world.ts";
import type { InjectorFactory } from "./injector.ts";

/** Ends connections to Postgres from its side, preferably in the middle of a statement. */
export const terminateBackends: InjectorFactory = ({ sql }, random) => {
  let terminated = 0;
  return {
    name: "terminate-backends",
    every: [1_500, 5_000],
    async strike() {
      const rows = await sql<{ ended: boolean }>`
        select pg_terminate_backend(pid) as ended from (
          select pid from pg_stat_activity
          where backend_type in ('client backend', 'walsender') and application_name <> ${ownName}
            and pid <> pg_backend_pid()
          order by random() * case state when 'idle' then 1 else 0.5 end limit ${random.pick([1, 1, 2, 3, 8])}
        ) as chosen`;
      terminated += rows.filter(({ ended }) => ended).length;
    },
    counts: () => ({ "backends terminated": terminated }),
  };
};

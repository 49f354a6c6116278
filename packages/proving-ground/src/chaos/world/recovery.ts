import type { Stage } from "@sideline/contracts";
import type { Orphan } from "./ledger.ts";
import type { World } from "./world.ts";

/** How the claim of a killed worker ended. */
export interface Recovery {
  token: string;
  /** Milliseconds since 1970. */
  at: number;
  /** `processing`: claimed again; `completed`: its result had been sent off before the kill. */
  to_status: "processing" | "completed" | "queued" | "failed";
}

/** Follows orphaned claims in the audit to the change that ended each; some have not ended yet. */
export async function findRecoveries(
  { sql }: Pick<World, "sql">,
  orphans: readonly Orphan[],
): Promise<Map<string, Recovery>> {
  const rows = await sql<Recovery>`
    select distinct on (l.token) l.token::text as token,
      (extract(epoch from l.at) * 1000)::float8 as at,
      case when l.next_token is null then l.status else 'processing' end as to_status
    from chaos.leases as l
    where l.token = any(${orphans.map(({ token }) => token)}::uuid[])
    order by l.token, l.n`;
  return new Map(rows.map((row) => [row.token, row]));
}

/**
 * Stages with items that a killed worker held and nobody has taken up yet, or nobody has ended yet:
 * what is lost twice in a row waits for a worker that holds nothing else, as long as that takes.
 */
export async function stagesInRecovery({
  sql,
  ledger,
}: Pick<World, "sql" | "ledger">): Promise<Stage[]> {
  const { orphans, leaseSeconds } = ledger;
  const recovered = await findRecoveries({ sql }, orphans);
  const suspected = await sql<{ stage: Stage }>`
    select distinct stage from pipeline.tasks where losses > 0`;
  // Those of the default lease take a minute, in which a stage need not be left alone.
  const waiting = orphans.filter(
    (orphan) => orphan.leaseSeconds === leaseSeconds && !recovered.has(orphan.token),
  );
  return [...waiting, ...suspected].map(({ stage }) => stage);
}

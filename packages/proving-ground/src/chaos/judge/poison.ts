import type { Sql } from "@sideline/local-stack";
import { type Finding, nothingBreaks } from "./finding.ts";

/** What kills its workers has failed for that, and has taken no other along. */
export async function judgePoison(sql: Sql): Promise<Finding[]> {
  const alive = await sql`
    select f.id::int as feedback, f.ssml_status, f.ssml_error_code
    from chaos.added_feedback as a
    join public.analysis_feedback as f on f.id = a.feedback_id
    where a.is_poison and f.ssml_error_code is distinct from 'lease_expired'`;
  const harmed = await sql`
    select f.id::int as feedback, f.ssml_status, f.ssml_error_code, f.audio_status, f.audio_error_code
    from chaos.added_feedback as a
    join public.analysis_feedback as f on f.id = a.feedback_id
    where not a.is_poison and (f.ssml_status <> 'completed' or f.audio_status <> 'completed')`;
  return [
    nothingBreaks("an item that kills its workers fails with lease_expired", alive),
    nothingBreaks("and its neighbours are completed", harmed),
  ];
}

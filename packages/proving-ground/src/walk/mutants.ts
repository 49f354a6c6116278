/**
 * Bugs to plant, each a replacement in one function's text as the database has it. They stay in
 * step with the SQL: a replacement that no longer fits fails its test.
 */
import postgres from "postgres";

export interface Mutant {
  /** What the mutated function does wrong. */
  fault: string;
  /** By a name that only one function has. */
  function: string;
  from: string;
  to: string;
  /** The exhaustive walk that should notice. */
  scope: string;
}

const ssml = "ssml, one item";
const twoSsml = "ssml, two items";

export const mutants: readonly Mutant[] = [
  {
    fault: "complete takes any token",
    function: "pipeline.complete_ssml",
    from: "and f.ssml_lease_token = v_tokens[array_position(v_ids, f.id)]",
    to: "",
    scope: ssml,
  },
  {
    fault: "fail takes any token",
    function: "pipeline.fail_ssml",
    from: "and f.ssml_lease_token = fail_ssml.lease_token",
    to: "",
    scope: ssml,
  },
  {
    fault: "fail keeps the lease",
    function: "pipeline.fail_ssml",
    from: "ssml_lease_token = null,",
    to: "",
    scope: ssml,
  },
  {
    fault: "fail always comes back at once",
    function: "pipeline.backoff",
    from: "0.5 + random()::numeric / 2",
    to: "0",
    scope: ssml,
  },
  {
    fault: "sweep does not ask for attempts",
    function: "pipeline.sweep_ssml",
    from: "and e.ssml_attempts >= v_max",
    to: "",
    scope: ssml,
  },
  {
    fault: "sweep does not ask for the lease's end",
    function: "pipeline.sweep_ssml",
    from: "and e.ssml_available_at <= v_now",
    to: "",
    scope: ssml,
  },
  {
    fault: "release keeps the attempt",
    function: "pipeline.release_ssml",
    from: "greatest(f.ssml_attempts - 1, 0)",
    to: "f.ssml_attempts",
    scope: ssml,
  },
  {
    fault: "defer forgets the delays of before",
    function: "pipeline.defer_ssml",
    from: "ssml_deferred_seconds = f.ssml_deferred_seconds + v_delay",
    to: "ssml_deferred_seconds = v_delay",
    scope: ssml,
  },
  {
    fault: "extend takes any token",
    function: "pipeline.extend_ssml",
    from: "and f.ssml_lease_token = extend_ssml.lease_token",
    to: "",
    scope: ssml,
  },
  {
    fault: "claim takes what is leased",
    function: "pipeline.pick_ssml",
    from: "and r.ssml_turn >= pick_ssml.from_turn\n        and r.ssml_available_at <= pick_ssml.at",
    to: "",
    scope: ssml,
  },
  {
    fault: "claim does not count the attempt",
    function: "pipeline.claim_ssml",
    from: "ssml_attempts = f.ssml_attempts + 1,",
    to: "",
    scope: ssml,
  },
  {
    fault: "claim takes the last turn first",
    function: "pipeline.pick_ssml",
    from: "order by r.ssml_turn, r.ssml_available_at, r.id",
    to: "order by r.ssml_turn desc, r.ssml_available_at, r.id",
    scope: twoSsml,
  },
  {
    fault: "changed words keep what was spoken",
    function: "pipeline.restart_speech",
    from: "delete from public.analysis_ssml_segments as s where s.feedback_id = new.id;",
    to: "",
    scope: "audio, its words and SSML change",
  },
  {
    fault: "new SSML leaves its audio as it was",
    function: "pipeline.enqueue_audio",
    from: "if cardinality(v_ids) = 0 then",
    to: "if true then",
    scope: "audio, its words and SSML change",
  },
  {
    fault: "a retry begins what has not failed anew",
    function: "pipeline.requeue_feedback",
    from: "and f.ssml_status = 'failed'",
    to: "",
    scope: ssml,
  },
  {
    fault: "strangers may retry",
    function: "public.retry_feedback",
    from: "and f.user_id = (select auth.uid())",
    to: "",
    scope: ssml,
  },
  {
    fault: "an upload that completes again begins a completed analysis anew",
    function: "pipeline.enqueue_analysis",
    from: "(j.status = 'failed' and j.attempts = 0)",
    to: "(j.status in ('failed', 'completed') or j.attempts = 0)",
    scope: "analysis, one item",
  },
  {
    fault: "an open circuit lets everybody through",
    function: "pipeline.provider_room",
    from: "limits.open_until > at",
    to: "false",
    scope: "ssml, its provider is not there",
  },
  {
    fault: "the cap counts no leases",
    function: "pipeline.claim_budget",
    from: "- pipeline.live_leases(v_stage.stage, v_stage.max_concurrency)",
    to: "",
    scope: "ssml, two items, one lease at a time",
  },
  {
    fault: "a provider's answer leaves the circuit open",
    function: "pipeline.provider_answered",
    from: ", open_until = null",
    to: "",
    scope: "ssml, its provider is not there",
  },
];

/** @throws where the text to replace does not stand in the function */
export async function plant(adminUrl: string, { function: name, from, to }: Mutant): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql<{ definition: string }[]>`
      select pg_get_functiondef(${name}::regproc) as definition`;
    const pieces = row?.definition.split(from) ?? [];
    if (pieces.length < 2) throw new Error(`"${from}" no longer stands in ${name}`);
    await sql.unsafe(pieces.join(to));
  } finally {
    await sql.end();
  }
}

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

export const mutants: readonly Mutant[] = [
  {
    fault: "complete takes any token",
    function: "pipeline.finish",
    from: "and t.lease_token = finish.lease_tokens[array_position(finish.ids, t.subject_id)]",
    to: "",
    scope: "ssml, one item",
  },
  {
    fault: "a worker's call takes any token",
    function: "pipeline.held_task",
    from: "and t.lease_token = held_task.lease_token",
    to: "",
    scope: "ssml, one item",
  },
  {
    fault: "fail always comes back at once",
    function: "pipeline.fail",
    from: "then pipeline.backoff(v_stage, v_task.attempts) end",
    to: "then 0 end",
    scope: "ssml, one item",
  },
  {
    fault: "fail knows no last attempt",
    function: "pipeline.fail",
    from: "fail.retryable and v_task.attempts < v_stage.max_attempts",
    to: "fail.retryable",
    scope: "ssml, it fails again and again",
  },
  {
    fault: "what is put back keeps its lease",
    function: "pipeline.put_back",
    from: "lease_token = null,",
    to: "",
    scope: "ssml, one item",
  },
  {
    fault: "what fails stays in the queue",
    function: "pipeline.put_back",
    from: "where t.stage = task.stage and t.subject_id = task.subject_id;\n    return",
    to: "where false;\n    return",
    scope: "ssml, one item",
  },
  {
    fault: "show takes the attempts of nobody",
    function: "pipeline.show",
    from: "coalesce($5[array_position($1, i.id)], i.attempts)",
    to: "i.attempts",
    scope: "ssml, one item",
  },
  {
    fault: "release keeps the attempt",
    function: "pipeline.release",
    from: "greatest(v_task.attempts - 1, 0)",
    to: "v_task.attempts",
    scope: "ssml, one item",
  },
  {
    fault: "release goes to the end",
    function: "pipeline.release",
    from: "set turn = pipeline.served_turn(v_task.stage)",
    to: "set turn = pipeline.served_turn(v_task.stage) + 1",
    scope: "ssml, one item",
  },
  {
    fault: "defer keeps the attempt",
    function: "pipeline.defer",
    from: "greatest(v_task.attempts - 1, 0)",
    to: "v_task.attempts",
    scope: "ssml, one item",
  },
  {
    fault: "defer has no bound",
    function: "pipeline.defer",
    from: "least(v_stage.max_deferred_seconds, defer.within_seconds)",
    to: "1e9",
    scope: "ssml, one item",
  },
  {
    fault: "a worker's patience is not asked",
    function: "pipeline.defer",
    from: "least(v_stage.max_deferred_seconds, defer.within_seconds)",
    to: "v_stage.max_deferred_seconds",
    scope: "analysis, one item",
  },
  {
    fault: "send_back has no end",
    function: "pipeline.send_back",
    from: "v_task.rounds > 0 or",
    to: "",
    scope: "audio, its SSML is refused",
  },
  {
    fault: "SSML that is written anew does not know why",
    function: "pipeline.begin_again",
    from: "coalesce(left(message, 500), 'It could not be used.')",
    to: "null",
    scope: "audio, its SSML is refused",
  },
  {
    fault: "extend takes any token",
    function: "pipeline.extend",
    from: "and t.lease_token = extend.lease_token",
    to: "",
    scope: "ssml, one item",
  },
  {
    fault: "extend leaves a turn to what is leased",
    function: "pipeline.extend",
    from: "turn = null,",
    to: "",
    scope: "ssml, its workers vanish",
  },
  {
    fault: "a claim after a loss counts as an attempt",
    function: "pipeline.lease",
    from: "t.attempts + (t.lease_token is null)::int",
    to: "t.attempts + 1",
    scope: "ssml, its workers vanish",
  },
  {
    fault: "a claim shows another attempt than it counts",
    function: "pipeline.look",
    from: "p.attempts + (p.lease_token is null)::int",
    to: "p.attempts + 1",
    scope: "ssml, its workers vanish",
  },
  {
    fault: "losses are not counted",
    function: "pipeline.sweep_stage",
    from: "losses = t.losses + 1",
    to: "losses = t.losses",
    scope: "ssml, its workers vanish",
  },
  {
    fault: "a loss in a shared batch counts",
    function: "pipeline.sweep_stage",
    from: "e.losses - 1",
    to: "e.losses",
    scope: "ssml, its workers vanish",
  },
  {
    fault: "sweep gives turns to what is leased",
    function: "pipeline.sweep_stage",
    from: "and t.turn is null and t.lease_token is not null\n      and t.available_at <= v_now",
    to: "and t.turn is null and t.lease_token is not null",
    scope: "ssml, one item",
  },
  {
    fault: "sweep lets what is due wait",
    function: "pipeline.queue_due",
    from: "and t.available_at <= v_now",
    to: "and false",
    scope: "ssml, one item",
  },
  {
    fault: "what lost a worker is claimed in a batch",
    function: "pipeline.pick",
    from: "when f.losses[1] > 0 then i.place = 1 and",
    to: "when f.losses[1] > 0 then",
    scope: "analysis, workers vanish with batches",
  },
  {
    fault: "a busy worker is given what must be alone",
    function: "pipeline.pick",
    from: "pick.busy and i.losses > 1",
    to: "false",
    scope: "ssml, its workers vanish",
  },
  {
    fault: "turns go to whoever comes",
    function: "pipeline.last_turn",
    from: "(last_turn.user_id, 9223372036854775807)",
    to: "('ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid, 9223372036854775807)",
    scope: "analysis, two items",
  },
  {
    fault: "claim takes the last turn first",
    function: "pipeline.look",
    from: "order by t.turn, t.subject_id\n      limit",
    to: "order by t.turn desc, t.subject_id\n      limit",
    scope: "ssml, two items",
  },
  {
    fault: "the watermark is not lowered",
    function: "pipeline.lower_watermark",
    from: "m.from_turn > lower_watermark.turn",
    to: "false",
    scope: "analysis, passed over at the cap",
  },
  {
    fault: "an open circuit lets everybody through",
    function: "pipeline.provider_room",
    from: "(limits).open_until > at",
    to: "false",
    scope: "analysis, its circuit is open",
  },
  {
    fault: "one owner opens the circuit",
    function: "pipeline.after_failure",
    from: "if not after_failure.user_id = any (limits.failing_users) then",
    to: "if true then",
    scope: "analysis, its provider is not there",
  },
  {
    fault: "a probe that never asked is not given back",
    function: "pipeline.give_back_probe",
    from: "l.probe_token = any (give_back_probe.lease_tokens)",
    to: "false",
    scope: "analysis, its circuit is open",
  },
  {
    fault: "the next probe is the same owner's",
    function: "pipeline.pick_within_caps",
    from: "and p.user_id is distinct from pick_within_caps.avoid",
    to: "",
    scope: "analysis, its circuit is open",
  },
  {
    fault: "an answer leaves the circuit open",
    function: "pipeline.note_answer",
    from: "v.open_until := null;",
    to: "",
    scope: "analysis, its circuit is open",
  },
  {
    fault: "one owner's refusal pauses everybody",
    function: "pipeline.note_answer",
    from: "if cardinality(v.refused_users) > 1 then",
    to: "if true then",
    scope: "analysis, its provider refuses",
  },
  {
    fault: "the caps count no leases",
    function: "pipeline.claim_budget",
    from: "least(items, settings.max_concurrency - v_live)",
    to: "items",
    scope: "analysis, one slot",
  },
  {
    fault: "one owner may hold all slots",
    function: "pipeline.claim_budget",
    from: "(settings.max_concurrency + 1) / 2",
    to: "settings.max_concurrency",
    scope: "analysis, half of two slots for one owner",
  },
  {
    fault: "a cap is off by one",
    function: "pipeline.pick_within_caps",
    from: "p.place <= pick_within_caps.per_user",
    to: "p.place <= 1 + pick_within_caps.per_user",
    scope: "analysis, one slot for each owner",
  },
  {
    fault: "claims count against no quota",
    function: "pipeline.lease",
    from: "if lease.counted then",
    to: "if false then",
    scope: "analysis, two claims a day",
  },
  {
    fault: "what is given back counts against the quota",
    function: "pipeline.give_back_usage",
    from: "set attempts = u.attempts - 1",
    to: "set attempts = u.attempts",
    scope: "analysis, two claims a day",
  },
  {
    fault: "tasks are left when their items go",
    function: "pipeline.take_out",
    from: "t.stage = any (take_out.stages)",
    to: "false",
    scope: "ssml, one item",
  },
  {
    fault: "changed words keep what was spoken",
    function: "pipeline.restart_speech",
    from: "delete from public.analysis_ssml_segments as s where s.feedback_id = new.id;",
    to: "",
    scope: "audio, one item",
  },
  {
    fault: "changed words leave the old task",
    function: "pipeline.restart_speech",
    from: "array['ssml', 'audio'], array[new.id]",
    to: "array[]::text[], array[new.id]",
    scope: "audio, one item",
  },
  {
    fault: "a retry begins what has not failed anew",
    function: "pipeline.requeue_feedback",
    from: "= 'failed'",
    to: "is not null",
    scope: "ssml, one item",
  },
  {
    fault: "strangers may retry",
    function: "public.retry_feedback",
    from: "and f.user_id = (select auth.uid())",
    to: "",
    scope: "ssml, one item",
  },
  {
    fault: "owners retry without end",
    function: "pipeline.count_retry",
    from: "v_count > v_most",
    to: "false",
    scope: "ssml, it fails again and again",
  },
  {
    fault: "an upload that completes again begins a completed analysis anew",
    function: "pipeline.enqueue_analysis",
    from: "(j.status = 'failed' and (j.attempts = 0",
    to: "(j.status in ('failed', 'completed') and (j.attempts >= 0",
    scope: "analysis, one item",
  },
  {
    fault: "a found object completes nothing",
    function: "pipeline.recognise_uploads",
    from: "upload_status = 'completed',",
    to: "",
    scope: "analysis, one item",
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

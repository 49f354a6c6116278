-- Handing in analyses: what a result must be, and what it writes.

-- A worker hands in analyses: status, metrics, feedback and the recording's measured length in one
-- transaction, each row written once.
create function pipeline.complete_analysis(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  f pipeline.handed_in := pipeline.hand_in(
    'analysis', results, 'video_recordings',
    row('title, summary, model, prompt_version (texts), confidence (0 to 1), '
      'duration_seconds (above 0, at most a week), metrics and feedback (lists) are needed', '
      $[*] ? (!(@.title.type() == "string" && @.summary.type() == "string"
        && @.model.type() == "string" && @.prompt_version.type() == "string"
        && @.confidence.type() == "number" && @.confidence >= 0 && @.confidence <= 1
        && @.duration_seconds.type() == "number"
        && @.duration_seconds > 0 && @.duration_seconds <= 604800
        && (!exists(@.note) || @.note.type() == "string" || @.note.type() == "null")
        && (!exists(@.language) || @.language.type() == "string" || @.language.type() == "null")
        && @.metrics.type() == "array" && @.feedback.type() == "array"))'),
    row('a metric needs a snake_case metric_key, a number metric_value, and a text unit or none', '
      $[*] ? (exists(@.metrics[*] ? (!(@.metric_key.type() == "string"
        && @.metric_key like_regex "^[a-z][a-z0-9_]{0,39}$"
        && @.metric_value.type() == "number"
        && (!exists(@.unit) || @.unit.type() == "string" || @.unit.type() == "null")))))'),
    row('a feedback needs 0 <= start_seconds <= end_seconds, a snake_case category, a severity of '
      'low, medium or high, a confidence of 0 to 1, a message, and a drill or null', '
      $[*] ? (exists(@.feedback[*] ? (!(@.start_seconds.type() == "number" && @.start_seconds >= 0
        && @.end_seconds.type() == "number" && @.end_seconds >= @.start_seconds
        && @.category.type() == "string" && @.category like_regex "^[a-z][a-z0-9_]{0,39}$"
        && @.severity.type() == "string" && @.severity like_regex "^(low|medium|high)$"
        && @.confidence.type() == "number" && @.confidence >= 0 && @.confidence <= 1
        && @.message.type() == "string"
        && (!exists(@.rule_id) || @.rule_id.type() == "string" || @.rule_id.type() == "null")
        && (!exists(@.drill) || @.drill.type() == "string" || @.drill.type() == "null")))))')
  );
begin
  perform pipeline.write_analysis(r.item, f.at)
  from jsonb_array_elements(complete_analysis.results) as r (item)
  where (r.item ->> 'id')::bigint = any (f.done);
  return query select o.* from pipeline.outcomes(f.ids, f.done, f.busy) as o;
end
$$;

-- One checked and fenced result. What an earlier analysis of the job left is replaced.
create function pipeline.write_analysis(result jsonb, at timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_job public.analysis_jobs;
begin
  update public.analysis_jobs as j
  set
    status = 'completed',
    error_code = null,
    last_error = null,
    updated_at = write_analysis.at,
    title = result ->> 'title',
    summary = result ->> 'summary',
    confidence = (result ->> 'confidence')::numeric,
    note = result ->> 'note',
    language = result ->> 'language',
    model = result ->> 'model',
    prompt_version = result ->> 'prompt_version'
  where j.id = (result ->> 'id')::bigint
  returning j.* into strict v_job;
  if exists (
    select from jsonb_array_elements(result -> 'feedback') as f
    where f -> 'rule_id' <> 'null' and not coalesce(
      v_job.brief -> 'rules' @> jsonb_build_array(jsonb_build_object('id', f -> 'rule_id')), false
    )
  ) then
    raise exception 'a rule_id is that of a rule of the brief' using errcode = 'SL004';
  end if;

  -- Who would speak another language than the one that was written.
  update public.analysis_jobs as j
  set coach = pipeline.coach_for(j.user_id, j.language)
  from public.video_recordings as r
  where j.id = v_job.id and r.id = j.video_recording_id
    and pipeline.spoken_language(j.language) <> pipeline.spoken_language(r.language);

  update public.video_recordings as v
  set duration_seconds = (result ->> 'duration_seconds')::numeric
  where v.id = v_job.video_recording_id;

  delete from public.analysis_metrics as m where m.analysis_job_id = v_job.id;
  insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value, unit, created_at)
  select v_job.id, m.metric_key, m.metric_value, m.unit, write_analysis.at
  from jsonb_to_recordset(result -> 'metrics')
    as m (metric_key text, metric_value numeric, unit text);

  delete from public.analysis_feedback as f where f.analysis_job_id = v_job.id;
  insert into public.analysis_feedback (
    analysis_job_id, user_id, start_seconds, end_seconds, category, severity, confidence,
    message, drill, rule_id
  )
  select v_job.id, v_job.user_id, f.start_seconds, f.end_seconds, f.category, f.severity,
    f.confidence, f.message, f.drill, f.rule_id
  from jsonb_to_recordset(result -> 'feedback') as f (
    start_seconds numeric, end_seconds numeric, category text, severity text, confidence numeric,
    message text, drill text, rule_id text
  )
  order by f.start_seconds, f.end_seconds;
end
$$;

revoke all on function
  pipeline.complete_analysis(jsonb),
  pipeline.write_analysis(jsonb, timestamptz)
from public, anon, authenticated;
grant execute on function
  pipeline.complete_analysis(jsonb),
  pipeline.write_analysis(jsonb, timestamptz)
to service_role;

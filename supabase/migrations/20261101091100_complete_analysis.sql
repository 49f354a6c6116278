-- A worker hands in analyses: status, metrics, feedback and the recording's measured length in one
-- transaction, and only with the token of the claim. A stale result writes nothing at all.

create function pipeline.complete_analysis(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_ids bigint[];
  v_tokens uuid[];
  v_done bigint[];
begin
  select c.ids, c.lease_tokens into v_ids, v_tokens
  from pipeline.check_results('analysis', complete_analysis.results) as c;

  -- Recordings are locked before jobs, as deleting a recording does; else the two could deadlock.
  perform from public.video_recordings as v
  where v.id = any (array(
    select j.video_recording_id from public.analysis_jobs as j where j.id = any (v_ids)
  ))
  order by v.id
  for no key update;

  with fenced as (
    update public.analysis_jobs as j
    set status = 'completed', available_at = null, turn = null, lease_token = null,
      error_code = null, last_error = null, updated_at = v_now
    where j.id = any (v_ids)
      and j.status = 'processing'
      and j.lease_token = v_tokens[array_position(v_ids, j.id)]
    returning j.id
  )
  select coalesce(array_agg(f.id), '{}') into v_done from fenced as f;
  if cardinality(v_done) > 0 then
    perform pipeline.provider_answered('analysis');
    perform nextval('pipeline.arrivals');
  end if;

  perform pipeline.write_analysis(r.item, v_now)
  from jsonb_array_elements(complete_analysis.results) as r (item)
  where (r.item ->> 'id')::bigint = any (v_done);

  return query
  select i.id, case when i.id = any (v_done) then 'completed' else 'stale' end
  from unnest(v_ids) with ordinality as i (id, place)
  order by i.place;
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
    title = result ->> 'title',
    summary = result ->> 'summary',
    confidence = (result ->> 'confidence')::numeric,
    model = result ->> 'model',
    prompt_version = result ->> 'prompt_version'
  where j.id = (result ->> 'id')::bigint
  returning j.* into strict v_job;

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
    message, drill
  )
  select v_job.id, v_job.user_id, f.start_seconds, f.end_seconds, f.category, f.severity,
    f.confidence, f.message, f.drill
  from jsonb_to_recordset(result -> 'feedback') as f (
    start_seconds numeric, end_seconds numeric, category text, severity text, confidence numeric,
    message text, drill text
  )
  order by f.start_seconds, f.end_seconds;
end
$$;

revoke all on function pipeline.complete_analysis(jsonb) from public, anon, authenticated;
revoke all on function pipeline.write_analysis(jsonb, timestamptz)
from public, anon, authenticated;
grant execute on function pipeline.complete_analysis(jsonb) to service_role;
grant execute on function pipeline.write_analysis(jsonb, timestamptz) to service_role;

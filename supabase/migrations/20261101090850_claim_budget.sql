-- What a claim may take: the stage's settings, the pause switch and the concurrency cap.

-- Live leases of a stage, counted up to a bound.
create function pipeline.live_leases(stage text, at_most int)
returns int
language plpgsql volatile security invoker set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  case live_leases.stage
    when 'analysis' then
      return (select count(*) from (
        select from public.analysis_jobs as j
        where j.status = 'processing' and j.available_at > v_now limit live_leases.at_most
      ) as live);
    when 'ssml' then
      return (select count(*) from (
        select from public.analysis_feedback as f
        where f.ssml_status = 'processing' and f.ssml_available_at > v_now
        limit live_leases.at_most
      ) as live);
    else
      return (select count(*) from (
        select from public.analysis_feedback as f
        where f.audio_status = 'processing' and f.audio_available_at > v_now
        limit live_leases.at_most
      ) as live);
  end case;
end
$$;

-- A lease's length, refused where it makes no sense.
create function pipeline.lease_interval(lease_seconds int)
returns interval
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if lease_interval.lease_seconds not between 1 and 3600 then
    raise exception 'lease_seconds must be between 1 and 3600' using errcode = 'SL003';
  end if;
  return make_interval(secs => lease_interval.lease_seconds);
end
$$;

-- How much a claim may take now, and until when: the stage's settings, the caller's wishes, the
-- pause switch and the concurrency cap. Under a cap, claims of the stage take turns (until the
-- end of their transaction), so that it holds exactly.
create function pipeline.claim_budget(
  stage text, batch_size int, lease_seconds int,
  out items int, out lease_ends_at timestamptz, out max_attempts int
)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_stage pipeline.stages;
begin
  select * into strict v_stage from pipeline.stages as s where s.stage = claim_budget.stage;
  items := coalesce(claim_budget.batch_size, v_stage.batch_size);
  if items not between 1 and 1000 then
    raise exception 'batch_size must be between 1 and 1000' using errcode = 'SL003';
  end if;
  lease_ends_at := pipeline.now()
    + pipeline.lease_interval(coalesce(claim_budget.lease_seconds, v_stage.lease_seconds));
  max_attempts := v_stage.max_attempts;
  if not v_stage.enabled then
    items := 0;
  elsif v_stage.max_concurrency is not null then
    perform pg_advisory_xact_lock(hashtextextended('pipeline.claim ' || v_stage.stage, 0));
    items := least(
      items,
      v_stage.max_concurrency - pipeline.live_leases(v_stage.stage, v_stage.max_concurrency)
    );
  end if;
end
$$;

revoke all on function pipeline.live_leases(text, int) from public, anon, authenticated;
revoke all on function pipeline.lease_interval(int) from public, anon, authenticated;
revoke all on function pipeline.claim_budget(text, int, int) from public, anon, authenticated;
grant execute on function pipeline.live_leases(text, int) to service_role;
grant execute on function pipeline.lease_interval(int) to service_role;
grant execute on function pipeline.claim_budget(text, int, int) to service_role;

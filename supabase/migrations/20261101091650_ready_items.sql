-- How much is ready, for dispatch().

-- Items that a claim would find now, counted up to a bound; since when the first of them has been
-- waiting; and whether one was recovered from a worker that vanished. Called after a sweep, which
-- gives a turn to all that is due.
create function pipeline.ready_items(
  stage text, at_most int, out items int, out first_since timestamptz, out recovered boolean
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  case ready_items.stage
    when 'analysis' then
      select count(*), (array_agg(r.since))[1], coalesce(bool_or(r.recovered), false)
      into items, first_since, recovered from (
        select j.available_at as since, j.status = 'processing' as recovered
        from public.analysis_jobs as j
        where j.status in ('queued', 'processing') and j.turn is not null
          and j.available_at <= v_now
        order by j.turn, j.available_at, j.id
        limit ready_items.at_most
      ) as r;
    when 'ssml' then
      select count(*), (array_agg(r.since))[1], coalesce(bool_or(r.recovered), false)
      into items, first_since, recovered from (
        select f.ssml_available_at as since, f.ssml_status = 'processing' as recovered
        from public.analysis_feedback as f
        where f.ssml_status in ('queued', 'processing') and f.ssml_turn is not null
          and f.ssml_available_at <= v_now
        order by f.ssml_turn, f.ssml_available_at, f.id
        limit ready_items.at_most
      ) as r;
    else
      select count(*), (array_agg(r.since))[1], coalesce(bool_or(r.recovered), false)
      into items, first_since, recovered from (
        select f.audio_available_at as since, f.audio_status = 'processing' as recovered
        from public.analysis_feedback as f
        where f.audio_status in ('queued', 'processing') and f.audio_turn is not null
          and f.audio_available_at <= v_now
        order by f.audio_turn, f.audio_available_at, f.id
        limit ready_items.at_most
      ) as r;
  end case;
end
$$;

-- The same under a cap per user: what is within it.
create function pipeline.ready_within_cap(
  stage text, at_most int, per_user int,
  out items int, out first_since timestamptz, out recovered boolean
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_ids bigint[];
begin
  case ready_within_cap.stage
    when 'analysis' then
      v_ids := pipeline.analysis_within_cap(ready_within_cap.at_most, ready_within_cap.per_user);
      select count(*), min(j.available_at), coalesce(bool_or(j.status = 'processing'), false)
      into items, first_since, recovered
      from public.analysis_jobs as j where j.id = any (v_ids);
    when 'ssml' then
      v_ids := pipeline.ssml_within_cap(ready_within_cap.at_most, ready_within_cap.per_user);
      select count(*), min(f.ssml_available_at),
        coalesce(bool_or(f.ssml_status = 'processing'), false)
      into items, first_since, recovered
      from public.analysis_feedback as f where f.id = any (v_ids);
    else
      v_ids := pipeline.audio_within_cap(ready_within_cap.at_most, ready_within_cap.per_user);
      select count(*), min(f.audio_available_at),
        coalesce(bool_or(f.audio_status = 'processing'), false)
      into items, first_since, recovered
      from public.analysis_feedback as f where f.id = any (v_ids);
  end case;
end
$$;

revoke all on function pipeline.ready_items(text, int) from public, anon, authenticated;
revoke all on function pipeline.ready_within_cap(text, int, int)
from public, anon, authenticated;
grant execute on function pipeline.ready_items(text, int) to service_role;
grant execute on function pipeline.ready_within_cap(text, int, int) to service_role;

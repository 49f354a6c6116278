-- The items that a claim takes, locked; those that others are taking are skipped, not waited for.
-- One walk of the index of what is ready, in claim order, from the watermark on: as fast at a
-- million items as at a thousand. The planner does not know the limit, so nothing is joined, and it
-- may not sort: over tables that were analysed while empty it would, and read all that is ready.

create function pipeline.pick_analysis(
  at_most int, from_turn bigint, per_user int, at timestamptz,
  out ids bigint[], out first_turn bigint, out last_turn bigint
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set plan_cache_mode = force_generic_plan
as $$
begin
  if pick_analysis.per_user is null then
    select coalesce(array_agg(p.id), '{}'), min(p.turn), max(p.turn)
    into ids, first_turn, last_turn
    from (
      select r.id, r.turn as turn
      from public.analysis_jobs as r
      where r.status in ('queued', 'processing') and r.turn >= pick_analysis.from_turn
        and r.available_at <= pick_analysis.at
      order by r.turn, r.available_at, r.id
      limit pick_analysis.at_most
      for update skip locked
    ) as p;
  else
    ids := pipeline.analysis_within_cap(pick_analysis.at_most, pick_analysis.per_user);
    select coalesce(array_agg(p.id), '{}'), min(p.turn), max(p.turn)
    into ids, first_turn, last_turn
    from (
      select r.id, r.turn as turn
      from public.analysis_jobs as r
      where r.id = any (pick_analysis.ids)
        and r.status in ('queued', 'processing') and r.turn is not null
      for update skip locked
    ) as p;
  end if;
end
$$;

create function pipeline.pick_ssml(
  at_most int, from_turn bigint, per_user int, at timestamptz,
  out ids bigint[], out first_turn bigint, out last_turn bigint
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set plan_cache_mode = force_generic_plan
as $$
begin
  if pick_ssml.per_user is null then
    select coalesce(array_agg(p.id), '{}'), min(p.turn), max(p.turn)
    into ids, first_turn, last_turn
    from (
      select r.id, r.ssml_turn as turn
      from public.analysis_feedback as r
      where r.ssml_status in ('queued', 'processing') and r.ssml_turn >= pick_ssml.from_turn
        and r.ssml_available_at <= pick_ssml.at
      order by r.ssml_turn, r.ssml_available_at, r.id
      limit pick_ssml.at_most
      for update skip locked
    ) as p;
  else
    ids := pipeline.ssml_within_cap(pick_ssml.at_most, pick_ssml.per_user);
    select coalesce(array_agg(p.id), '{}'), min(p.turn), max(p.turn)
    into ids, first_turn, last_turn
    from (
      select r.id, r.ssml_turn as turn
      from public.analysis_feedback as r
      where r.id = any (pick_ssml.ids)
        and r.ssml_status in ('queued', 'processing') and r.ssml_turn is not null
      for update skip locked
    ) as p;
  end if;
end
$$;

create function pipeline.pick_audio(
  at_most int, from_turn bigint, per_user int, at timestamptz,
  out ids bigint[], out first_turn bigint, out last_turn bigint
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set plan_cache_mode = force_generic_plan
as $$
begin
  if pick_audio.per_user is null then
    select coalesce(array_agg(p.id), '{}'), min(p.turn), max(p.turn)
    into ids, first_turn, last_turn
    from (
      select r.id, r.audio_turn as turn
      from public.analysis_feedback as r
      where r.audio_status in ('queued', 'processing') and r.audio_turn >= pick_audio.from_turn
        and r.audio_available_at <= pick_audio.at
      order by r.audio_turn, r.audio_available_at, r.id
      limit pick_audio.at_most
      for update skip locked
    ) as p;
  else
    ids := pipeline.audio_within_cap(pick_audio.at_most, pick_audio.per_user);
    select coalesce(array_agg(p.id), '{}'), min(p.turn), max(p.turn)
    into ids, first_turn, last_turn
    from (
      select r.id, r.audio_turn as turn
      from public.analysis_feedback as r
      where r.id = any (pick_audio.ids)
        and r.audio_status in ('queued', 'processing') and r.audio_turn is not null
      for update skip locked
    ) as p;
  end if;
end
$$;

-- Under a cap per user the walk goes owner by owner (a skip scan of the index by owner), for the
-- walk in claim order would read all items of an owner at the cap to find somebody else's.

create function pipeline.analysis_within_cap(at_most int, per_user int)
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  return array(
    with recursive owners as (
      (
        select r.user_id from public.analysis_jobs as r
        where r.status in ('queued', 'processing') and r.turn is not null
        order by r.user_id
        limit 1
      )
      union all
      select (
        select r.user_id from public.analysis_jobs as r
        where r.status in ('queued', 'processing') and r.turn is not null
          and r.user_id > o.user_id
        order by r.user_id
        limit 1
      )
      from owners as o where o.user_id is not null
    ),
    leased as materialized (
      select l.user_id, count(*)::int as items from public.analysis_jobs as l
      where l.status = 'processing' and l.available_at > v_now
      group by l.user_id
    )
    select c.id
    from owners as o
    left join leased as l using (user_id)
    cross join lateral (
      select r.id, r.turn as turn, r.available_at as since from public.analysis_jobs as r
      where r.status in ('queued', 'processing') and r.turn is not null
        and r.user_id = o.user_id and r.available_at <= v_now
      order by r.turn, r.available_at, r.id
      limit greatest(0, least(
        analysis_within_cap.per_user - coalesce(l.items, 0), analysis_within_cap.at_most
      ))
    ) as c
    order by c.turn, c.since, c.id
    limit analysis_within_cap.at_most
  );
end
$$;

create function pipeline.ssml_within_cap(at_most int, per_user int)
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  return array(
    with recursive owners as (
      (
        select r.user_id from public.analysis_feedback as r
        where r.ssml_status in ('queued', 'processing') and r.ssml_turn is not null
        order by r.user_id
        limit 1
      )
      union all
      select (
        select r.user_id from public.analysis_feedback as r
        where r.ssml_status in ('queued', 'processing') and r.ssml_turn is not null
          and r.user_id > o.user_id
        order by r.user_id
        limit 1
      )
      from owners as o where o.user_id is not null
    ),
    leased as materialized (
      select l.user_id, count(*)::int as items from public.analysis_feedback as l
      where l.ssml_status = 'processing' and l.ssml_available_at > v_now
      group by l.user_id
    )
    select c.id
    from owners as o
    left join leased as l using (user_id)
    cross join lateral (
      select r.id, r.ssml_turn as turn, r.ssml_available_at as since
      from public.analysis_feedback as r
      where r.ssml_status in ('queued', 'processing') and r.ssml_turn is not null
        and r.user_id = o.user_id and r.ssml_available_at <= v_now
      order by r.ssml_turn, r.ssml_available_at, r.id
      limit greatest(0, least(
        ssml_within_cap.per_user - coalesce(l.items, 0), ssml_within_cap.at_most
      ))
    ) as c
    order by c.turn, c.since, c.id
    limit ssml_within_cap.at_most
  );
end
$$;

create function pipeline.audio_within_cap(at_most int, per_user int)
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  return array(
    with recursive owners as (
      (
        select r.user_id from public.analysis_feedback as r
        where r.audio_status in ('queued', 'processing') and r.audio_turn is not null
        order by r.user_id
        limit 1
      )
      union all
      select (
        select r.user_id from public.analysis_feedback as r
        where r.audio_status in ('queued', 'processing') and r.audio_turn is not null
          and r.user_id > o.user_id
        order by r.user_id
        limit 1
      )
      from owners as o where o.user_id is not null
    ),
    leased as materialized (
      select l.user_id, count(*)::int as items from public.analysis_feedback as l
      where l.audio_status = 'processing' and l.audio_available_at > v_now
      group by l.user_id
    )
    select c.id
    from owners as o
    left join leased as l using (user_id)
    cross join lateral (
      select r.id, r.audio_turn as turn, r.audio_available_at as since
      from public.analysis_feedback as r
      where r.audio_status in ('queued', 'processing') and r.audio_turn is not null
        and r.user_id = o.user_id and r.audio_available_at <= v_now
      order by r.audio_turn, r.audio_available_at, r.id
      limit greatest(0, least(
        audio_within_cap.per_user - coalesce(l.items, 0), audio_within_cap.at_most
      ))
    ) as c
    order by c.turn, c.since, c.id
    limit audio_within_cap.at_most
  );
end
$$;

revoke all on function pipeline.pick_analysis(int, bigint, int, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.analysis_within_cap(int, int) from public, anon, authenticated;
grant execute on function pipeline.pick_analysis(int, bigint, int, timestamptz) to service_role;
grant execute on function pipeline.analysis_within_cap(int, int) to service_role;
revoke all on function pipeline.pick_ssml(int, bigint, int, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.ssml_within_cap(int, int) from public, anon, authenticated;
grant execute on function pipeline.pick_ssml(int, bigint, int, timestamptz) to service_role;
grant execute on function pipeline.ssml_within_cap(int, int) to service_role;
revoke all on function pipeline.pick_audio(int, bigint, int, timestamptz)
from public, anon, authenticated;
revoke all on function pipeline.audio_within_cap(int, int) from public, anon, authenticated;
grant execute on function pipeline.pick_audio(int, bigint, int, timestamptz) to service_role;
grant execute on function pipeline.audio_within_cap(int, int) to service_role;

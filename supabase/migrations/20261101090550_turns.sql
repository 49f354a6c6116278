-- The fair order of each queue. An item that becomes ready gets a turn: one past the latest turn
-- that was claimed, or one past its owner's last item, whichever is later. Claims take the lowest
-- turn first. So whoever has one item is served next, however many thousands somebody else has
-- queued, and the items of one owner keep their order (start-time fair queueing).
--
-- The latest claimed turn is kept in a sequence: it takes no lock, leaves no dead rows behind under
-- a long transaction, and being a little early or late costs nothing but a little order.

create sequence pipeline.analysis_served_turn as bigint minvalue 0 start 0;

create sequence pipeline.ssml_served_turn as bigint minvalue 0 start 0;

create sequence pipeline.audio_served_turn as bigint minvalue 0 start 0;

comment on sequence pipeline.analysis_served_turn is 'The latest turn claimed of stage analysis.';
comment on sequence pipeline.ssml_served_turn is 'The latest turn claimed of stage ssml.';
comment on sequence pipeline.audio_served_turn is 'The latest turn claimed of stage audio.';

-- The turn before the next of this owner. Its items that were claimed are below the served turn,
-- and are left out of the walk.
create function pipeline.last_analysis_turn(user_id uuid)
returns bigint
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_served bigint := (select s.last_value from pipeline.analysis_served_turn as s);
begin
  return coalesce(
    (
      select r.turn from public.analysis_jobs as r
      where r.user_id = last_analysis_turn.user_id and r.turn > v_served
        and r.status in ('queued', 'processing')
      order by r.turn desc
      limit 1
    ),
    v_served
  );
end
$$;

create function pipeline.last_ssml_turn(user_id uuid)
returns bigint
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_served bigint := (select s.last_value from pipeline.ssml_served_turn as s);
begin
  return coalesce(
    (
      select r.ssml_turn from public.analysis_feedback as r
      where r.user_id = last_ssml_turn.user_id and r.ssml_turn > v_served
        and r.ssml_status in ('queued', 'processing')
      order by r.ssml_turn desc
      limit 1
    ),
    v_served
  );
end
$$;

create function pipeline.last_audio_turn(user_id uuid)
returns bigint
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_served bigint := (select s.last_value from pipeline.audio_served_turn as s);
begin
  return coalesce(
    (
      select r.audio_turn from public.analysis_feedback as r
      where r.user_id = last_audio_turn.user_id and r.audio_turn > v_served
        and r.audio_status in ('queued', 'processing')
      order by r.audio_turn desc
      limit 1
    ),
    v_served
  );
end
$$;

-- The turns of feedback whose SSML has come, in the order of the ids.
create function pipeline.next_audio_turns(ids bigint[])
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  if cardinality(next_audio_turns.ids) = 1 then
    return array(
      select pipeline.last_audio_turn(f.user_id) + 1
      from public.analysis_feedback as f where f.id = next_audio_turns.ids[1]
    );
  end if;
  return array(
    with owners as materialized (
      select i.place, f.user_id
      from unnest(next_audio_turns.ids) with ordinality as i (id, place)
      left join lateral (
        select r.user_id from public.analysis_feedback as r where r.id = i.id limit 1
      ) as f on true
    ),
    lasts as materialized (
      select o.user_id, pipeline.last_audio_turn(o.user_id) as turn from owners as o
      group by o.user_id
    )
    select l.turn + row_number() over (partition by o.user_id order by o.place)
    from owners as o
    left join lasts as l using (user_id)
    order by o.place
  );
end
$$;

revoke all on sequence pipeline.analysis_served_turn, pipeline.ssml_served_turn,
  pipeline.audio_served_turn
from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.analysis_served_turn, pipeline.ssml_served_turn,
  pipeline.audio_served_turn
to service_role;

revoke all on function pipeline.last_analysis_turn(uuid) from public, anon, authenticated;
revoke all on function pipeline.last_ssml_turn(uuid) from public, anon, authenticated;
revoke all on function pipeline.last_audio_turn(uuid) from public, anon, authenticated;
revoke all on function pipeline.next_audio_turns(bigint[]) from public, anon, authenticated;
grant execute on function pipeline.last_analysis_turn(uuid) to service_role;
grant execute on function pipeline.last_ssml_turn(uuid) to service_role;
grant execute on function pipeline.last_audio_turn(uuid) to service_role;
grant execute on function pipeline.next_audio_turns(bigint[]) to service_role;

-- Stage `erase`: an object that was asked to be erased. One item is a row of pipeline.erasures.
-- Nobody has to wait for it, so it comes last, has no slots and no quota, and tries for a week.

create sequence pipeline.erase_served_turn as bigint minvalue 0 start 0;

comment on sequence pipeline.erase_served_turn is 'The latest turn claimed of stage erase.';

insert into pipeline.stages (
  stage, place, function_name, max_attempts, max_losses, batch_size, max_concurrency,
  max_deferred_seconds
)
values ('erase', 90, 'eraseWorker', 20, 20, 25, null, 604800);

create view pipeline.erase_items with (security_invoker = true) as
select e.id, e.user_id, e.status, e.attempts, e.error_code, e.last_error, e.updated_at,
  true as has_input, false as parent_failed
from pipeline.erasures as e;

comment on view pipeline.erase_items is 'The items of stage erase.';
comment on column pipeline.erase_items.id is 'The request.';
comment on column pipeline.erase_items.user_id is 'Whose object it was.';
comment on column pipeline.erase_items.status is 'Its status.';
comment on column pipeline.erase_items.attempts is 'Its attempts.';
comment on column pipeline.erase_items.error_code is 'Its last error.';
comment on column pipeline.erase_items.last_error is 'The same as a sentence.';
comment on column pipeline.erase_items.updated_at is 'When its status changed.';
comment on column pipeline.erase_items.has_input is 'True: there is nothing to wait for.';
comment on column pipeline.erase_items.parent_failed is 'False: there is no parent.';

create trigger erasures_900_drop_tasks
after delete on pipeline.erasures
referencing old table as old_rows
for each statement execute function pipeline.drop_tasks('erase');

-- Of picked requests those whose object is to be erased now. The rest is settled here: somebody
-- names the object (again), or something else was stored under its name: no request any more; there
-- is no such object: done; somebody is about to name it: later.
create function pipeline.settle_erasures(ids bigint[], at timestamptz)
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_busy bigint[];
  v_ids bigint[];
  v_buckets text[];
  v_paths text[];
  v_named boolean[];
  v_spared bigint[];
  v_missing bigint[];
begin
  select array_agg(h.id) filter (where not h.is_free), array_agg(h.id) filter (where h.is_free),
    array_agg(h.bucket) filter (where h.is_free), array_agg(h.path) filter (where h.is_free)
  into v_busy, v_ids, v_buckets, v_paths
  from (
    select e.id, e.bucket, e.path,
      pg_try_advisory_xact_lock(pipeline.lock_of(e.bucket, e.path)) as is_free
    from pipeline.erasures as e where e.id = any (settle_erasures.ids)
    for no key update skip locked
  ) as h;
  update pipeline.tasks as t set turn = null, available_at = settle_erasures.at + interval '5 s'
  where t.stage = 'erase' and t.subject_id = any (settle_erasures.ids)
    and (t.subject_id = any (v_ids)) is not true;
  if v_ids is null then
    return '{}';
  end if;
  -- Only now: what was committed before the locks were got is seen.
  v_named := pipeline.named(v_buckets, v_paths);
  select array_agg(e.id) filter (where a.is_named or o.is_newer),
    array_agg(e.id) filter (where not a.is_named and o.is_newer is null)
  into v_spared, v_missing
  from unnest(v_ids, v_named) as a (id, is_named)
  join pipeline.erasures as e on e.id = a.id
  left join lateral (
    select e.reason <> 'account_deleted' and greatest(s.created_at, s.updated_at) > e.asked_at
      as is_newer
    from storage.objects as s where s.bucket_id = e.bucket and s.name = e.path
  ) as o on true
  where e.reason <> 'provider_copy';
  delete from pipeline.erasures as e where e.id = any (v_spared);
  perform pipeline.take_out(array['erase'], v_missing) where v_missing is not null;
  update pipeline.erasures as e set status = 'completed', updated_at = settle_erasures.at
  where e.id = any (v_missing);
  return array(
    select i from unnest(v_ids) as i
    where i <> all (coalesce(v_spared, '{}') || coalesce(v_missing, '{}'))
  );
end
$$;

create function pipeline.claim_erase(
  batch_size int default null, lease_seconds int default null, model text default null,
  busy boolean default false
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, alone boolean,
  user_id uuid, bucket text, path text
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v pipeline.claim;
  v_ids bigint[] := '{}';
begin
  -- Bounded: whoever finds nothing in so many looks is called again.
  for v_round in 1 .. 10 loop
    v := pipeline.pick('erase', batch_size, lease_seconds, model, busy);
    exit when v.ids = '{}';
    v_ids := pipeline.settle_erasures(v.ids, v.at);
    exit when v_ids <> '{}';
  end loop;
  if v_ids = '{}' then
    return;
  end if;
  return query
  with shown as materialized (
    update pipeline.erasures as e
    set status = 'processing', attempts = v.attempts[array_position(v.ids, e.id)],
      updated_at = v.at
    where e.id = any (v_ids)
    returning e.id, e.user_id, e.bucket, e.path
  )
  select s.id, l.lease_token, l.attempt, v.lease_ends_at, l.alone, s.user_id, s.bucket, s.path
  from pipeline.lease(v, array(select c.id from shown as c)) as l
  join shown as s on s.id = l.subject_id
  order by s.id;
end
$$;

-- A worker has erased objects. What is still stored under such a name is what was stored since.
create function pipeline.complete_erase(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v record := pipeline.check_results(results, variadic '{}');
  f pipeline.handed_in;
begin
  -- Nobody takes requests in another order than this (tasks.sql), so they are waited for.
  perform from pipeline.erasures as e where e.id = any (v.ids) order by e.bucket, e.path
  for no key update;
  f := pipeline.hand_in('erase', results, null, variadic '{}');
  update pipeline.erasures as e
  set status = 'completed', error_code = null, last_error = null, updated_at = f.at
  where e.id = any (f.done);
  return query select o.* from pipeline.outcomes(f.ids, f.done, f.busy) as o;
end
$$;

-- Called by an operator once what made them fail is over: failed erasures are tried anew.
create function pipeline.retry_erasures()
returns int
language sql volatile security invoker set search_path = ''
as $$
  select pipeline.ask_erasure(array_agg(e.bucket), array_agg(e.path), e.reason)
  from pipeline.erasures as e where e.status = 'failed' group by e.reason
$$;

revoke all on sequence pipeline.erase_served_turn from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.erase_served_turn to service_role;
revoke all on table pipeline.erase_items from public, anon, authenticated, service_role;
grant select, update on table pipeline.erase_items to service_role;

revoke all on function
  pipeline.settle_erasures(bigint[], timestamptz),
  pipeline.claim_erase(int, int, text, boolean),
  pipeline.complete_erase(jsonb),
  pipeline.retry_erasures()
from public, anon, authenticated;
grant execute on function
  pipeline.settle_erasures(bigint[], timestamptz),
  pipeline.claim_erase(int, int, text, boolean),
  pipeline.complete_erase(jsonb),
  pipeline.retry_erasures()
to service_role;

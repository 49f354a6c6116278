-- Quotas: how often one owner's items may be claimed a day, and what they may cost, counted where
-- no delete, new row or retry resets it: claims in pipeline.usage, money in the ledger. What is
-- beyond is parked: it waits, says so, and goes on when the day is over.

-- The owner's own numbers, where they differ from the stage's: a plan.
create table pipeline.user_quotas (
  user_id uuid not null references auth.users (id) on delete cascade,
  stage text not null references pipeline.stages (stage) on delete cascade,
  daily_attempts int,
  daily_spend numeric,
  constraint user_quotas_pkey primary key (user_id, stage),
  constraint a_quota_says_something check (num_nonnulls(daily_attempts, daily_spend) > 0),
  constraint daily_attempts_are_not_negative check (daily_attempts >= 0),
  constraint daily_spend_is_not_negative check (daily_spend >= 0)
);

comment on table pipeline.user_quotas is 'Quotas of single users, instead of the stage''s.';
comment on column pipeline.user_quotas.user_id is 'The user.';
comment on column pipeline.user_quotas.stage is 'The stage.';
comment on column pipeline.user_quotas.daily_attempts is
  'Claims a day (UTC); null: as many as the stage says.';
comment on column pipeline.user_quotas.daily_spend is
  'Cost a day (UTC), in the currency of the prices; null: as much as the stage says.';

create index user_quotas_stage_idx on pipeline.user_quotas (stage);

-- Claims that were counted against the quota. No foreign key: closing the account, deleting the
-- row or beginning it anew gives nothing back.
create table pipeline.usage (
  user_id uuid not null,
  stage text not null,
  day date not null,
  attempts int not null,
  constraint usage_pkey primary key (user_id, stage, day)
);

comment on table pipeline.usage is 'Claims of each user and day, for the quota.';
comment on column pipeline.usage.user_id is 'The user.';
comment on column pipeline.usage.stage is 'The stage.';
comment on column pipeline.usage.day is 'The day, in UTC.';
comment on column pipeline.usage.attempts is 'Claims that count.';

create index usage_day_idx on pipeline.usage (day);

-- Parks what an owner has ready beyond `room` items of today until the day is over, at most 1,000
-- at once; answers whether there was any. `quota` is the number that its owner reads.
create function pipeline.park(stage text, user_id uuid, quota int, room int, at timestamptz)
returns boolean
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_until timestamptz := (date_trunc('day', at at time zone 'UTC') + interval '1 day')
    at time zone 'UTC';
  v_ids bigint[] := array(
    select t.subject_id from pipeline.tasks as t
    where t.stage = park.stage and t.user_id = park.user_id and t.turn is not null
    order by t.turn, t.subject_id
    offset park.room
    limit 1000
    for update skip locked
  );
begin
  v_ids := pipeline.show(
    park.stage, v_ids, 'queued', 'quota_exceeded',
    format(
      'Today''s quota%s is used up; this goes on at 00:00 UTC.',
      case when park.quota is null then '' else ' of ' || park.quota end
    ), null, at
  );
  update pipeline.tasks as t
  set turn = null, lease_token = null, parked = true,
    -- So many do not come due together, ahead of everybody's.
    available_at = v_until + case
      when cardinality(v_ids) < 1000 then interval '0' else random() * interval '10 minutes'
    end
  where t.stage = park.stage and t.subject_id = any (v_ids);
  return found;
end
$$;

-- Those of the picked items that are within their owners' quotas; the others are parked, and what
-- else these owners have ready. What is in work has not been paid yet: the money may run over by as
-- much as an owner's slots hold.
create function pipeline.within_quota(stage text, ids bigint[], at timestamptz)
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_parked boolean;
  v_day date := (at at time zone 'UTC')::date;
begin
  -- Claims of one owner's items come one after the other here, so that the quota holds.
  insert into pipeline.usage as u (user_id, stage, day, attempts)
  select distinct t.user_id, within_quota.stage, v_day, 0 from pipeline.tasks as t
  where t.stage = within_quota.stage and t.subject_id = any (within_quota.ids)
  order by t.user_id
  on conflict on constraint usage_pkey do update set attempts = u.attempts;
  select bool_or(pipeline.park(
    within_quota.stage, o.user_id, case when not o.broke then o.quota end,
    case when o.broke then 0 else o.room end, at
  )) into v_parked
  from (
    select p.user_id, p.items, p.quota,
      case when p.quota is not null then greatest(p.quota - coalesce(u.attempts, 0), 0) end as room,
      coalesce(
        p.spend <= pipeline.spent_on_day(within_quota.stage, p.user_id, within_quota.at), false
      ) as broke
    from (
      select t.user_id, count(*) as items,
        min(coalesce(q.daily_attempts, s.daily_attempts_per_user)) as quota,
        min(coalesce(q.daily_spend, s.daily_spend_per_user)) as spend
      from pipeline.tasks as t
      join pipeline.stages as s on s.stage = t.stage
      left join pipeline.user_quotas as q on q.user_id = t.user_id and q.stage = t.stage
      where t.stage = within_quota.stage and t.subject_id = any (within_quota.ids)
      group by t.user_id
    ) as p
    left join pipeline.usage as u on u.user_id = p.user_id and u.stage = within_quota.stage
      and u.day = v_day
  ) as o
  where o.broke or o.items > o.room;
  if v_parked is null then
    return within_quota.ids;
  end if;
  return array(
    select t.subject_id from pipeline.tasks as t
    where t.stage = within_quota.stage and t.subject_id = any (within_quota.ids)
      and not t.parked
  );
end
$$;

-- A claim that came to nothing through no fault of the item, or for which nobody was asked, does
-- not count against the quota.
create function pipeline.give_back_usage(stage text, user_id uuid)
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
  update pipeline.usage as u set attempts = u.attempts - 1
  where u.user_id = give_back_usage.user_id and u.stage = give_back_usage.stage
    and u.day = (pipeline.now() at time zone 'UTC')::date and u.attempts > 0;
end
$$;

-- A plan that changes: what is parked for its owner's quota is looked at again.
create function pipeline.unpark()
returns trigger
-- Definer: quotas go with accounts, which Auth deletes, and Auth may not use the schema.
language plpgsql volatile security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
  update pipeline.tasks as t set available_at = pipeline.now()
  where t.stage = coalesce(new.stage, old.stage) and t.turn is null and t.lease_token is null
    and t.parked and t.user_id = coalesce(new.user_id, old.user_id);
  return null;
end
$$;

create trigger user_quotas_unpark
after insert or update or delete on pipeline.user_quotas
for each row execute function pipeline.unpark();

alter table pipeline.user_quotas enable row level security;
alter table pipeline.usage enable row level security;

create policy "operators set quotas" on pipeline.user_quotas
for all to service_role using (true) with check (true);
create policy "claims are counted" on pipeline.usage
for all to service_role using (true) with check (true);

revoke all on table pipeline.user_quotas, pipeline.usage
from public, anon, authenticated, service_role;
grant select, insert, update, delete on table pipeline.user_quotas, pipeline.usage to service_role;

revoke all on function
  pipeline.park(text, uuid, int, int, timestamptz),
  pipeline.within_quota(text, bigint[], timestamptz),
  pipeline.give_back_usage(text, uuid),
  pipeline.unpark()
from public, anon, authenticated;
grant execute on function
  pipeline.park(text, uuid, int, int, timestamptz),
  pipeline.within_quota(text, bigint[], timestamptz),
  pipeline.give_back_usage(text, uuid)
to service_role;

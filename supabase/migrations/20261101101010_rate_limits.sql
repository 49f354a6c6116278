-- How often somebody may do something: a row per subject that was counted within its period. Rows
-- whose period is over are removed by enforce_data_retention().

-- Unlogged: after a crash of the server everybody begins anew.
create unlogged table pipeline.rate_limits (
  subject text primary key,
  count int not null,
  ends_at timestamptz not null,
  constraint subject_is_short check (length(subject) between 1 and 200)
);

comment on table pipeline.rate_limits is 'What was counted by check_rate_limit().';
comment on column pipeline.rate_limits.subject is 'Who does what, as the caller names it.';
comment on column pipeline.rate_limits.count is 'How often in this period.';
comment on column pipeline.rate_limits.ends_at is 'When the period ends.';

create index rate_limits_ends_at_idx on pipeline.rate_limits (ends_at);

-- Counts one more, and answers whether it is within the limit. A period begins with the first after
-- the last one is over; what is beyond the limit writes nothing. An end that lies more than two
-- periods ahead comes from a clock that was set back; one that is a little more than a period ahead
-- from somebody whose transaction began later than this one.
create function pipeline.check_rate_limit(subject text, at_most int, period interval)
returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v_end timestamptz := v_now + check_rate_limit.period;
  v_furthest timestamptz := v_end + check_rate_limit.period + interval '1 minute';
begin
  if check_rate_limit.at_most < 1 then
    return false;
  end if;
  insert into pipeline.rate_limits as r (subject, count, ends_at)
  values (check_rate_limit.subject, 1, v_end)
  on conflict on constraint rate_limits_pkey do update
  set
    count = case
      when r.ends_at > v_now and r.ends_at <= v_furthest then r.count + 1 else 1
    end,
    ends_at = case
      when r.ends_at > v_now and r.ends_at <= v_furthest then r.ends_at
      else excluded.ends_at
    end
  where r.ends_at <= v_now or r.ends_at > v_furthest or r.count < check_rate_limit.at_most;
  return found;
end
$$;

alter table pipeline.rate_limits enable row level security;

create policy "what is limited is counted" on pipeline.rate_limits
for all to service_role using (true) with check (true);

revoke all on table pipeline.rate_limits from public, anon, authenticated, service_role;
grant select, insert, update, delete on table pipeline.rate_limits to service_role;

revoke all on function pipeline.check_rate_limit(text, int, interval)
from public, anon, authenticated;
grant execute on function pipeline.check_rate_limit(text, int, interval) to service_role;

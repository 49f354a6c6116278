-- What operators read of quotas: who uses how much of what today.

create function public.operator_quotas()
returns table (user_id uuid, email text, stage text, used int, quota int, is_own boolean)
-- Definer: users may neither use schema pipeline nor read accounts. Operators are checked here.
language plpgsql stable security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
  perform pipeline.check_operator();
  return query
  select q.user_id, a.email::text, q.stage, q.used,
    coalesce(o.daily_attempts, s.daily_attempts_per_user), o.daily_attempts is not null
  from (
    select u.user_id, u.stage, max(u.attempts) as used from (
      (
        select t.user_id, t.stage, t.attempts from (
          select n.* from pipeline.usage as n
          where n.day = (pipeline.now() at time zone 'UTC')::date
          limit 10000
        ) as t
        order by t.attempts desc
        limit 50
      )
      union all
      (select o.user_id, o.stage, coalesce((
          select n.attempts from pipeline.usage as n
          where n.user_id = o.user_id and n.stage = o.stage
            and n.day = (pipeline.now() at time zone 'UTC')::date
        ), 0)
      from pipeline.user_quotas as o order by o.user_id, o.stage limit 50)
    ) as u
    group by u.user_id, u.stage
  ) as q
  join pipeline.stages as s on s.stage = q.stage
  left join pipeline.user_quotas as o on o.user_id = q.user_id and o.stage = q.stage
  left join auth.users as a on a.id = q.user_id
  order by q.used desc, q.user_id, q.stage;
end
$$;

comment on function public.operator_quotas() is
  'For operators: who used most today (UTC; of up to 10,000 users), and 50 plans of single users. '
  'Errors: PT403 no operator.';

-- The quotas of one user, found by id or address.
create function public.operator_user(id_or_email text)
returns table (user_id uuid, email text, stage text, used int, quota int, is_own boolean)
-- Definer: users may neither use schema pipeline nor read accounts. Operators are checked here.
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform pipeline.check_operator();
  return query
  select a.id, a.email::text, s.stage, coalesce(u.attempts, 0),
    coalesce(o.daily_attempts, s.daily_attempts_per_user), o.daily_attempts is not null
  from auth.users as a
  cross join pipeline.stages as s
  left join pipeline.user_quotas as o on o.user_id = a.id and o.stage = s.stage
  left join pipeline.usage as u on u.user_id = a.id and u.stage = s.stage
    and u.day = (pipeline.now() at time zone 'UTC')::date
  where s.is_claimed and a.id in (
    select pipeline.users_named(id_or_email)
  )
  order by s.place;
end
$$;

comment on function public.operator_user(text) is
  'For operators: the quotas of a user, by id or address. Errors: PT403 no operator.';

revoke all on function public.operator_quotas(), public.operator_user(text)
from public, anon, authenticated, service_role;
grant execute on function public.operator_quotas(), public.operator_user(text) to authenticated;

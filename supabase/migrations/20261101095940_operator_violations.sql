-- What operators read of pipeline.violations. The view reads the tables whole, so what it found is
-- kept, and nobody can have it asked more than once a minute.

create table pipeline.checkups (
  is_the_only_one boolean primary key default true,
  checked_at timestamptz not null,
  violations int not null,
  found jsonb not null,
  constraint there_is_one_row check (is_the_only_one)
);

comment on table pipeline.checkups is 'The last look at pipeline.violations.';
comment on column pipeline.checkups.is_the_only_one is 'True: there is one row.';
comment on column pipeline.checkups.checked_at is 'When.';
comment on column pipeline.checkups.violations is 'How many rows it had.';
comment on column pipeline.checkups.found is 'The first 100 of them.';

create function public.operator_checkup()
returns table (checked_at timestamptz, violations int, found jsonb)
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform pipeline.check_operator();
  return query select c.checked_at, c.violations, c.found from pipeline.checkups as c;
end
$$;

comment on function public.operator_checkup() is
  'For operators: the last look at pipeline.violations, with the rule, stage, id and detail of the '
  'first 100; no row before the first. Errors: PT403 no operator.';

create function public.operator_check_now()
returns int
-- Definer: users may not use schema pipeline. Operators are checked here.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  perform pipeline.check_operator();
  -- Two that ask at once look one after the other; the second finds that it was done just now.
  perform pg_advisory_xact_lock(hashtext('pipeline.checkups'));
  if not exists (
    select from pipeline.checkups as c
    where c.checked_at > v_now - interval '1 minute' and c.checked_at <= v_now
  ) then
    insert into pipeline.checkups as c (checked_at, violations, found)
    select v_now, count(*), coalesce(jsonb_agg(to_jsonb(v) - 'place') filter (
        where v.place <= 100
      ), '[]')
    from (
      select b.rule, b.stage, b.id, b.detail, row_number() over () as place
      from pipeline.violations as b
    ) as v
    on conflict on constraint checkups_pkey do update
    set checked_at = excluded.checked_at, violations = excluded.violations, found = excluded.found;
  end if;
  return (select c.violations from pipeline.checkups as c);
end
$$;

comment on function public.operator_check_now() is
  'For operators: looks at pipeline.violations, unless that was done within a minute; how many '
  'there are. Errors: PT403 no operator.';

alter table pipeline.checkups enable row level security;

create policy "the last look is read" on pipeline.checkups
for select to service_role using (true);

revoke all on table pipeline.checkups from public, anon, authenticated, service_role;
grant select on table pipeline.checkups to service_role;

revoke all on function public.operator_checkup(), public.operator_check_now()
from public, anon, authenticated, service_role;
grant execute on function public.operator_checkup(), public.operator_check_now()
to authenticated;

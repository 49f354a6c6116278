-- Who is an operator: whose verified token says so in app_metadata. Nobody else reads or changes
-- anything of theirs.
begin;
select plan(26);

delete from pipeline.audit_log;

create function pg_temp.sign_in(claims jsonb)
returns void language sql as $$
  select set_config('request.jwt.claims', (jsonb_build_object(
    'sub', 'a0000000-0000-4000-8000-000000000001', 'role', 'authenticated'
  ) || claims)::text, true)
$$;
create temp table calls on commit drop as
select 'select * from public.' || p.proname || '()' as call, p.proname::text as name
from pg_proc as p
where p.pronamespace = 'public'::regnamespace and p.proname like 'operator\_%' and p.pronargs = 0
union all
values
  ($$ select * from public.operator_failed_items('ssml', 'x') $$, 'operator_failed_items'),
  ('select * from public.operator_find(1)', 'operator_find'),
  ('select * from public.operator_find_failures()', 'operator_find_failures'),
  ($$ select * from public.operator_item('ssml', 1) $$, 'operator_item'),
  ($$ select * from public.operator_attempts('ssml', 1) $$, 'operator_attempts'),
  ($$ select * from public.operator_user('a@example.com') $$, 'operator_user'),
  ($$ select public.operator_pause_stage('ssml') $$, 'operator_pause_stage'),
  ($$ select public.operator_resume_stage('ssml') $$, 'operator_resume_stage'),
  ($$ select public.operator_retry('ssml', 1) $$, 'operator_retry'),
  ($$ select public.operator_retry_all('ssml', 'x', now()) $$, 'operator_retry_all'),
  ($$ select public.operator_set_quota(gen_random_uuid(), 'analysis', 1) $$, 'operator_set_quota');
grant select on calls to authenticated;
grant usage on schema extensions to anon;

-- What an owner can write about themselves is user_metadata; a role there means nothing.
select pg_temp.sign_in('{"user_metadata": {"role": "operator"}, "app_metadata": {"role": "user"}}');
set local role authenticated;
select is(public.is_operator(), false, 'a user is none, whatever they say of themselves');
select throws_ok(c.call, 'PT403', 'only operators may do this', 'a user: ' || c.name)
from calls as c order by c.name;
reset role;
select is_empty('select from pipeline.audit_log', 'nothing was done');

select pg_temp.sign_in('{"app_metadata": {}}');
set local role authenticated;
select is(public.is_operator(), false, 'without a role nobody is');
select set_config('request.jwt.claims', '', true);
select is(public.is_operator(), false, 'nor without a token');
select pg_temp.sign_in('{"app_metadata": {"role": "operator"}}');
select is(public.is_operator(), true, 'an operator is');
select lives_ok('select * from public.operator_stages()', 'and reads');
select throws_ok('select * from pipeline.stages', '42501', null, 'but not past these functions');
set local role anon;
select throws_ok('select * from public.operator_stages()', '42501', null, 'anon reads nothing');

reset role;
select * from finish();
rollback;

-- So much may an owner's items cost a day: the ledger says what they have.
begin;
select plan(11);

delete from public.video_recordings;
delete from pipeline.provider_calls;
select tests.users('heavy', 'light');
set local pipeline.now = '2030-01-01 23:30:00+00';
create function pg_temp.upload(owner text, count int default 1)
returns void language sql as $$
  insert into public.video_recordings (user_id, filename, storage_path, upload_status)
  select md5(owner)::uuid, 'a.mp4', md5(owner)::uuid || '/' || gen_random_uuid(), 'completed'
  from generate_series(1, count)
$$;
create function pg_temp.claim(batch_size int)
returns table (owner text, count bigint) language sql as $$
  select split_part(u.email, '@', 1), count(*) from pipeline.claim_analysis(batch_size, 3600) as c
  join auth.users as u on u.id = c.user_id group by 1 order by 1
$$;
create function pg_temp.pay(owner text, input_tokens int, stage text default 'analysis')
returns void language sql as $$
  select pipeline.record_call(jsonb_build_object(
    'id', gen_random_uuid(), 'stage', pay.stage, 'subject_id', 1, 'user_id', md5(owner)::uuid,
    'attempt', 1, 'provider', 'gemini', 'model', 'gemini-3.8-flash', 'output_tokens', 0,
    'request_hash', repeat('a', 64), 'ms', 900, 'input_tokens', pay.input_tokens
  ))
$$;

update pipeline.stages set daily_attempts_per_user = null, daily_spend_per_user = 3
where stage = 'analysis';
select pg_temp.upload('heavy', 3);
select pg_temp.upload('light');
select pg_temp.pay('heavy', 1999999);
select pg_temp.pay('heavy', 9000000, 'ssml');
select results_eq(
  'select * from pg_temp.claim(1)', $$ values ('heavy', 1::bigint) $$,
  'below the stage''s quota it goes on, whatever other stages cost'
);
select pg_temp.pay('heavy', 1);
select results_eq(
  'select * from pg_temp.claim(9)', $$ values ('light', 1::bigint) $$, 'at the quota no more'
);
select results_eq(
  $$ select j.error_code, j.last_error, t.available_at from pipeline.tasks as t
     join public.analysis_jobs as j on j.id = t.subject_id
     where t.stage = 'analysis' and t.parked $$,
  $$ select 'quota_exceeded', 'Today''s quota is used up; this goes on at 00:00 UTC.',
       '2030-01-02 00:00:00+00'::timestamptz from generate_series(1, 2) $$,
  'the rest waits for the next day, and names no price'
);
set local role service_role;
insert into pipeline.user_quotas (user_id, stage, daily_spend)
values (md5('heavy')::uuid, 'analysis', 5);
reset role;
select results_eq(
  'select * from pg_temp.claim(1)', $$ values ('heavy', 1::bigint) $$, 'a plan holds instead'
);
update pipeline.user_quotas set daily_spend = 0;
select is_empty('select * from pg_temp.claim(9)', 'a quota of nothing parks all');
set local pipeline.now = '2030-01-02 00:00:00+00';
update pipeline.user_quotas set daily_spend = 1;
select results_eq(
  'select * from pg_temp.claim(9)', $$ values ('heavy', 1::bigint) $$, 'a new day begins at nothing'
);

-- A plan of one user's own, where the stage has none.
update pipeline.stages set daily_spend_per_user = null where stage = 'analysis';
select pg_temp.pay('heavy', 1000000);
select pg_temp.upload('heavy');
select pg_temp.upload('light');
select results_eq(
  'select * from pg_temp.claim(9)', $$ values ('light', 1::bigint) $$,
  'it holds for that user alone'
);
select throws_like(
  $$ update pipeline.user_quotas set daily_spend = null $$, '%a_quota_says_something%',
  'a plan says something'
);
delete from pipeline.user_quotas;
delete from pipeline.usage;
select pg_temp.upload('light');
select results_eq(
  'select * from pg_temp.claim(9)', $$ values ('heavy', 1::bigint), ('light', 1) $$,
  'with none at all everybody goes on'
);
select is_empty('select * from pipeline.usage', 'and nothing is counted');

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

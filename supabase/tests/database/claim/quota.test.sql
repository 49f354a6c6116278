-- So many claims of an owner's items a day: what is beyond waits for the next one, and says so.
begin;
select plan(16);

select tests.queue();

update pipeline.stages set daily_attempts_per_user = 3 where stage = 'analysis';
select pg_temp.upload('heavy', 5);
select pg_temp.upload('light', 1);
select results_eq(
  'select pg_temp.claim(20)',
  $$ values ('heavy 1'), ('heavy 2'), ('heavy 3'), ('light 1') $$,
  'each owner gets its quota'
);
select results_eq(
  $$ select name, status::text, attempts, error_code, last_error, available_at from items
     where parked order by name $$,
  $$ values
     ('heavy 4', 'queued', 0, 'quota_exceeded',
       'Today''s quota of 3 is used up; this goes on at 00:00 UTC.',
       '2030-01-02 00:00:00+00'::timestamptz),
     ('heavy 5', 'queued', 0, 'quota_exceeded',
       'Today''s quota of 3 is used up; this goes on at 00:00 UTC.', '2030-01-02 00:00:00+00') $$,
  'the rest is parked until the day is over, and says so'
);
select results_eq(
  $$ select user_id, attempts from pipeline.usage order by attempts desc $$,
  $$ values (md5('heavy')::uuid, 3), (md5('light')::uuid, 1) $$, 'claims are counted'
);

-- Nothing that an owner does resets it.
delete from public.video_recordings where user_id = md5('heavy')::uuid;
select pg_temp.upload('heavy', 2);
select is_empty('select pg_temp.claim(20)', 'neither deleting nor uploading anew');
select results_eq(
  'select count(*) from items where parked', 'values (2::bigint)', 'the new ones are parked, too'
);
set local role service_role;
insert into pipeline.user_quotas (user_id, stage, daily_attempts)
values (md5('heavy')::uuid, 'analysis', 4);
reset role;
select results_eq(
  'select count(*) from pg_temp.claim(20)', 'values (1::bigint)',
  'a plan of the owner''s own holds instead, and what is parked is looked at again'
);
update pipeline.user_quotas set daily_attempts = 5;
create temp table second on commit drop as select pg_temp.claim(20) as name;
select results_eq('select count(*) from second', 'values (1::bigint)', 'so does a change of it');

-- A claim that came to nothing is not counted.
select pipeline.defer('analysis', i.id, i.lease_token, 'provider_unavailable', 'No.', 60)
from items as i join second as s using (name);
select results_eq(
  $$ select attempts from pipeline.usage where user_id = md5('heavy')::uuid $$, 'values (4)',
  'what a provider wasted is given back'
);
select pipeline.release('analysis', i.id, i.lease_token) from items as i
where user_id = md5('heavy')::uuid and lease_token is not null;
select results_eq(
  $$ select attempts from pipeline.usage where user_id = md5('heavy')::uuid $$, 'values (3)',
  'and what was handed back unused'
);

select pipeline.fail('analysis', id, lease_token, 'video_unreadable', 'No.', false) from items
where lease_token is not null;
update pipeline.user_quotas set daily_attempts = 0;
select is_empty('select pg_temp.claim(20)', 'a quota of none parks all');
set local pipeline.now = '2030-01-02 00:00:00+00';
delete from pipeline.user_quotas;
select results_eq(
  'select count(*) from pg_temp.claim(20)', 'values (2::bigint)',
  'at midnight (UTC) what was parked goes on by itself'
);
set local pipeline.now = '2030-01-03 00:00:01+00';
select pipeline.enforce_data_retention();
select results_eq(
  'select day from pipeline.usage', $$ values ('2030-01-02'::date) $$, 'old counts are pruned'
);
update pipeline.stages set daily_attempts_per_user = null where stage = 'analysis';
select pg_temp.upload('third', 8);
select pg_temp.claim(20);
select is_empty(
  $$ select from pipeline.usage where user_id = md5('third')::uuid $$,
  'without a quota nothing is counted'
);

-- A crowd that waits for midnight does not come due all at once, ahead of everybody's.
delete from public.video_recordings;
update pipeline.stages set daily_attempts_per_user = 1 where stage = 'analysis';
select pg_temp.upload('light', 1500);
select is(
  (select count(*) from pg_temp.claim(20) as c where c like 'light%'), 1::bigint,
  'of a crowd one is claimed'
);
select results_eq(
  $$ select count(*) >= 1000, min(available_at) >= '2030-01-04 00:00:00+00',
       max(available_at) - min(available_at) between interval '5 minutes' and interval '10 minutes',
       count(distinct available_at) > 900
     from items where parked and user_id = md5('light')::uuid $$,
  'values (true, true, true, true)', 'and of the rest so many return in a second'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

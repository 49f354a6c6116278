-- A provider that refuses (429): the item waits, and the provider pauses once it has refused two
-- owners.
begin;
select plan(12);

select tests.queue();

select pg_temp.upload(owner, 4) from unnest(array['heavy', 'light', 'third']) as owner;
create function pg_temp.refuse(owner text, error_code text, seconds numeric)
returns text language sql as $$
  select pipeline.defer('analysis', i.id, i.lease_token, refuse.error_code, 'No.', refuse.seconds)
  from items as i
  where i.lease_token is not null and i.user_id = md5(owner)::uuid order by i.id limit 1
$$;
create temp view gemini as
select cardinality(refused_users) as owners, not_before from pipeline.provider_limits
where provider = 'gemini' and model = 'default';
select pg_temp.claim(6);

select pg_temp.refuse('heavy', 'provider_rate_limited', 60);
select pg_temp.refuse('heavy', 'provider_quota_exceeded', 60);
select results_eq(
  'select * from gemini', 'values (1, null::timestamptz)', 'one owner''s refusals pause nobody'
);
select results_eq(
  $$ select name, status::text, attempts, available_at from items where error_code is not null
     order by name $$,
  $$ values ('heavy 1', 'queued', 0, '2030-01-01 00:01:00+00'::timestamptz),
     ('heavy 2', 'queued', 0, '2030-01-01 00:01:00+00') $$, 'but the items wait'
);
select isnt_empty('select pg_temp.claim(1)', 'others go on');
select pg_temp.refuse('light', 'provider_rate_limited', 20);
select results_eq(
  'select * from gemini', $$ values (2, '2030-01-01 00:00:20+00'::timestamptz) $$,
  'a second owner''s makes a pause, as long as was asked'
);
select is_empty('select pg_temp.claim(8)', 'in which nothing is claimed');
select pg_temp.refuse('light', 'provider_rate_limited', 5);
select results_eq(
  'select not_before from gemini', $$ values ('2030-01-01 00:00:20+00'::timestamptz) $$,
  'a shorter one does not end it'
);
select pg_temp.refuse('third', 'provider_rate_limited', 80000);
select results_eq(
  'select not_before from gemini', $$ values ('2030-01-01 00:05:00+00'::timestamptz) $$,
  'and a very long one is not believed'
);
set local pipeline.now = '2030-01-01 00:05:00+00';
select isnt_empty('select pg_temp.claim(8)', 'after it all go on');

-- A completion clears the refusals; an answer that is none does not.
update pipeline.provider_limits set refused_users = array[md5('heavy')::uuid]
where provider = 'gemini';
select pipeline.fail('analysis', id, lease_token, 'video_unreadable', 'No.', false) from items
where lease_token is not null limit 1;
select results_eq('select owners from gemini', 'values (1)', 'a failure is no completion');
select pipeline.note_answer('analysis', null, null, 'completed', null);
select results_eq('select owners from gemini', 'values (0)', 'a completion is');

update pipeline.provider_limits set not_before = '2031-01-01 00:00:00+00'
where provider = 'gemini';
select pg_temp.upload('light', 1);
select isnt_empty(
  'select pg_temp.claim(8)', 'a pause that a clock has left in the far future holds nobody'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

-- A claim takes the first of what is ready, for a time, and nobody else gets it meanwhile.
begin;
select plan(13);

select tests.queue();

select pg_temp.upload('heavy', 3);
set local role service_role;
select throws_ok('select pipeline.claim_analysis(0)', 'SL003', null, 'a batch holds an item');
select throws_ok('select pipeline.claim_analysis(1001)', 'SL003', null, 'and at most 1000');
select throws_ok('select pipeline.claim_analysis(1, 0)', 'SL003', null, 'a lease lasts a second');
select throws_ok('select pipeline.claim_analysis(1, 3601)', 'SL003', null, 'and at most an hour');
create temp table claimed on commit drop as select * from pipeline.claim_analysis(2, 90);
reset role;
select results_eq(
  $$ select i.name, c.attempt, c.lease_expires_at, c.alone, c.progress::jsonb
     from claimed as c join items as i using (id) order by i.name $$,
  $$ values ('heavy 1', 1, '2030-01-01 00:01:30+00'::timestamptz, false, null::jsonb),
     ('heavy 2', 1, '2030-01-01 00:01:30+00', false, null) $$,
  'the first ones are claimed, for as long as the worker asks'
);
select results_eq(
  $$ select status::text, attempts, i.turn is not null, i.lease_token = c.lease_token
     from items as i left join claimed as c using (id) order by name $$,
  $$ values ('processing', 1, false, true), ('processing', 1, false, true),
     ('queued', 0, true, null) $$,
  'their owner sees it, and they are not in line any more'
);
select results_eq(
  'select pg_temp.claim(8)', $$ values ('heavy 3') $$, 'the next claim gets what is left'
);
select is_empty('select pg_temp.claim(8)', 'and the one after it nothing');

select results_eq(
  $$ select c.storage_path = v.storage_path, c.user_id, c.coach ->> 'style', c.language,
       c.correlation_id = j.correlation_id
     from claimed as c join public.analysis_jobs as j using (id)
     join public.video_recordings as v on v.id = c.video_recording_id limit 1 $$,
  $$ values (true, md5('heavy')::uuid, 'clear', 'en-US', true) $$,
  'the worker is told all that it needs'
);

update pipeline.stages set enabled = false where stage = 'analysis';
select pg_temp.upload('light');
select is_empty('select pg_temp.claim(8)', 'a paused stage gives nothing');
update pipeline.stages set enabled = true where stage = 'analysis';
select results_eq('select pg_temp.claim(8)', $$ values ('light 1') $$, 'until it is enabled again');

-- What waits without its input is not in the queue at all.
insert into public.video_recordings (user_id, filename, storage_path)
values (md5('light')::uuid, 'a.mp4', md5('light')::uuid || '/later.mp4');
select is_empty('select pg_temp.claim(8)', 'an upload under way is nothing to claim');

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

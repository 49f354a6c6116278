begin;
select plan(10);

set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.analysis();
update public.video_recordings set upload_status = 'completed' where id = -1;

select tests.act_as('owner');
select throws_ok(
  $$ select public.retry_analysis(-1) $$, 'SL001', 'analysis job -1 has not failed',
  'what has not failed is not retried'
);
reset role;
update public.analysis_jobs
set status = 'failed', attempts = 3, error_code = 'provider_unavailable', last_error = 'No answer.'
where id = -1;
delete from pipeline.tasks where stage = 'analysis';
select tests.act_as('stranger');
select throws_ok(
  $$ select public.retry_analysis(-1) $$, 'PT404', null, 'to a stranger it does not exist'
);
select tests.act_as('owner');
select results_eq(
  $$ select public.retry_analysis(-1) $$, $$ values ('queued') $$, 'the owner queues it anew'
);
reset role;
select results_eq(
  $$ select j.status::text, j.attempts, t.attempts::int, t.turn is not null, j.error_code, j.last_error
     from public.analysis_jobs as j
     join pipeline.tasks as t on t.stage = 'analysis' and t.subject_id = j.id where j.id = -1 $$,
  $$ values ('queued', 0, 0, true, null::text, null::text) $$,
  'with all attempts, ready now'
);
update public.video_recordings set upload_status = 'failed' where id = -1;
set local role service_role;
select results_eq(
  $$ select pipeline.requeue_analysis(-1) $$, $$ values ('queued') $$,
  'an operator queues anybody''s'
);
select results_eq(
  $$ select status::text, not exists (select from pipeline.tasks where stage = 'analysis')
     from public.analysis_jobs where id = -1 $$,
  $$ values ('queued', true) $$, 'without the upload it waits for it'
);
select results_eq(
  $$ select upload_status, error_code from public.video_recordings where id = -1 $$,
  $$ values ('pending', null::text) $$, 'and the upload is expected again'
);
select is_empty($$ select id from pipeline.claim_analysis(1000) where id = -1 $$, 'unclaimed');
reset role;
insert into storage.objects (bucket_id, name, metadata)
values ('raw', 'a0000000-0000-4000-8000-000000000001/a.mp4',
  '{"size": 1, "mimetype": "video/mp4"}');
select ok(pipeline.recognise_uploads() >= 1, 'its object is recognised when it arrives');
select results_eq(
  $$ select j.status::text, t.turn is not null from public.analysis_jobs as j
     join pipeline.tasks as t on t.stage = 'analysis' and t.subject_id = j.id where j.id = -1 $$,
  $$ values ('queued', true) $$, 'and the upload makes it ready'
);

reset role;
select * from finish();
rollback;

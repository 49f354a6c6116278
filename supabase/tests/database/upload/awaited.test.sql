-- Recordings under way are awaited: looked for in fair turns with growing waits, and not for ever.
begin;
select plan(17);


delete from public.video_recordings;
select tests.users('heavy', 'light');
set local pipeline.now = '2030-01-01 00:00:00+00';
create function pg_temp.begin_upload(owner text, name text)
returns void language sql as $$
  insert into public.video_recordings (user_id, filename, storage_path)
  values (md5(owner)::uuid, name, md5(owner)::uuid || '/' || name)
$$;
create function pg_temp.arrive(name text, metadata jsonb default '{"size": 7}')
returns void language sql as $$
  insert into storage.objects (bucket_id, name, metadata)
  select 'raw', v.storage_path, arrive.metadata from public.video_recordings as v
  where v.filename = arrive.name
$$;
create temp view uploads as
select v.filename as name, v.upload_status as status, v.file_size, v.mime_type, v.error_code,
  v.last_error, t.turn is not null as is_ready, t.available_at, t.deferrals::int
from public.video_recordings as v
left join pipeline.tasks as t on t.stage = 'upload' and t.subject_id = v.id;

select pg_temp.begin_upload('heavy', 'a');
select results_eq(
  'select name, status::text, is_ready from uploads', $$ values ('a', 'pending', true) $$,
  'a recording under way is looked for'
);
set local role service_role;
select results_eq('select pipeline.recognise_uploads()', 'values (0)', 'it is not there');
reset role;
select results_eq(
  $$ select is_ready, deferrals, available_at between pipeline.now() + interval '0.5 seconds'
       and pipeline.now() + interval '1 second' from uploads $$,
  'values (false, 1, true)', 'so it is looked for again soon'
);
update pipeline.tasks set deferrals = 9 where stage = 'upload';
set local pipeline.now = '2030-01-01 00:00:02+00';
select pipeline.recognise_uploads();
select results_eq(
  $$ select available_at between pipeline.now() + interval '256 seconds'
       and pipeline.now() + interval '512 seconds' from uploads $$,
  'values (true)', 'less often with each time'
);

-- Found.
set local pipeline.now = '2030-01-01 01:00:00+00';
select pg_temp.begin_upload('light', 'b');
update public.video_recordings set upload_status = 'uploading' where filename = 'b';
select pg_temp.begin_upload('light', 'c');
select pg_temp.arrive('a', '{"size": 4711, "mimetype": "video/mp4"}');
select pg_temp.arrive('b', jsonb_build_object('size', '1.5',
  'mimetype', 'video/webm; x=' || repeat('a', 600)));
select results_eq('select pipeline.recognise_uploads()', 'values (2)', 'objects are recognised');
select results_eq(
  'select name, status::text, file_size, mime_type, is_ready from uploads order by name',
  $$ values ('a', 'completed', 4711::bigint, 'video/mp4', false),
     ('b', 'completed', null, 'video/webm', false), ('c', 'pending', null, null, false) $$,
  'with their size and type; odd ones are left out, and stop nobody'
);
select results_eq(
  $$ select count(*) from pipeline.tasks where stage = 'analysis' $$, 'values (2::bigint)',
  'and their analysis is ready'
);
select results_eq('select pipeline.recognise_uploads()', 'values (0)', 'once');

-- Given up.
set local pipeline.now = '2030-01-02 01:00:00+00';
select pipeline.recognise_uploads();
select results_eq(
  $$ select status::text, error_code, last_error, is_ready from uploads where name = 'c' $$,
  $$ values ('failed', 'upload_abandoned', 'The upload never came to an end.', false) $$,
  'what was awaited for a day is given up'
);
select results_eq(
  $$ select j.status::text, j.error_code from public.analysis_jobs as j
     join public.video_recordings as v on v.id = j.video_recording_id where v.filename = 'c' $$,
  $$ values ('failed', 'upload_abandoned') $$, 'and its analysis says so'
);
update public.video_recordings set upload_status = 'uploading' where filename = 'c';
select pg_temp.arrive('c');
select results_eq(
  'select pipeline.recognise_uploads()', 'values (1)', 'who begins anew is awaited anew'
);
select results_eq(
  $$ select j.status::text from public.analysis_jobs as j
     join public.video_recordings as v on v.id = j.video_recording_id where v.filename = 'c' $$,
  $$ values ('queued') $$, 'and analysed'
);

update pipeline.stages set enabled = false where stage = 'upload';
select pg_temp.begin_upload('light', 'd');
select pg_temp.arrive('d');
select results_eq('select pipeline.recognise_uploads()', 'values (0)', 'the stage can be paused');
update pipeline.stages set enabled = true, batch_size = 2 where stage = 'upload';
select pg_temp.begin_upload('heavy', i::text) from generate_series(1, 50) as i;
select pg_temp.begin_upload('light', 'e');
select pg_temp.arrive('e');
select results_eq('select pipeline.recognise_uploads()', 'values (1)', 'one batch a call');
select pipeline.recognise_uploads() from generate_series(1, 2);
select results_eq(
  $$ select status::text from uploads where name = 'e' $$, $$ values ('completed') $$,
  'in fair turns: one owner''s many do not hold up another''s one'
);

-- A deleted recording is awaited no more.
delete from public.video_recordings;
select is_empty(
  $$ select * from pipeline.tasks where stage <> 'erase' $$, 'nothing is left of what was deleted'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

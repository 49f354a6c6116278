-- An upload whose object has arrived is recognised without any client's word.
begin;
select plan(8);

insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com');
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.video_recordings (id, user_id, filename, storage_path, upload_status, created_at)
overriding system value
select v.id, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/' || v.name, v.status, v.at
from (values
  (-1, '1.mp4', 'pending', pipeline.now()),
  (-2, '2.mp4', 'uploading', pipeline.now()),
  (-3, '3.mp4', 'failed', pipeline.now()),
  (-4, '4.mp4', 'pending', pipeline.now()),
  (-5, '5.mp4', 'pending', pipeline.now()),
  (-6, '6.mp4', 'pending', pipeline.now() - interval '2 days')
) as v (id, name, status, at);
insert into storage.objects (bucket_id, name, metadata)
select v.bucket, 'a0000000-0000-4000-8000-000000000001/' || v.name,
  '{"size": 4711, "mimetype": "video/mp4"}'
from (values
  ('raw', '1.mp4'), ('raw', '2.mp4'), ('raw', '3.mp4'), ('processed', '4.mp4'), ('raw', '6.mp4')
) as v (bucket, name);

set local role service_role;
select lives_ok('select pipeline.dispatch()', 'workers may dispatch');
select results_eq(
  $$ select id, upload_status, file_size, mime_type from public.video_recordings
     where id < 0 order by id desc $$,
  $$ values
     (-1::bigint, 'completed', 4711::bigint, 'video/mp4'),
     (-2, 'completed', 4711, 'video/mp4'),
     (-3, 'failed', null, null),
     (-4, 'pending', null, null),
     (-5, 'pending', null, null),
     (-6, 'pending', null, null) $$,
  'uploads under way whose object is in bucket raw are completed, with its size and type'
);
select results_eq(
  $$ select video_recording_id from public.analysis_jobs
     where video_recording_id < 0 and status = 'queued' order by 1 desc $$,
  $$ values (-1::bigint), (-2) $$, 'and their analysis is queued'
);
select results_eq(
  'select pipeline.recognise_uploads(interval ''1 day'')', 'values (0)', 'once'
);
reset role;
update storage.objects
set metadata = jsonb_build_object('size', '1.5', 'mimetype', 'video/mp4; x=' || repeat('a', 600))
where bucket_id = 'processed' and name like '%/4.mp4';
update storage.objects set bucket_id = 'raw' where name like '%/4.mp4';
select lives_ok('select pipeline.dispatch()', 'a long media type and an odd size of one do not stop the others');
select results_eq(
  $$ select upload_status, mime_type from public.video_recordings where id = -4 $$,
  $$ values ('completed', 'video/mp4') $$, 'its parameters are left out'
);
select lives_ok('select pipeline.prune()', 'prune takes the rarer look');
select results_eq(
  $$ select upload_status from public.video_recordings where id = -6 $$,
  $$ values ('completed') $$, 'and finds an upload that took days'
);

select * from finish();
rollback;

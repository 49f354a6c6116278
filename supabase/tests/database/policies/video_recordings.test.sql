-- Owner, stranger, anonymous caller and worker on recordings.
begin;
select plan(17);

select tests.recording();

select tests.act_as('owner');
select results_eq(
  $$ select id from public.video_recordings $$, $$ values (-1::bigint) $$,
  'the owner reads their recordings'
);
select lives_ok(
  $$ insert into public.video_recordings (filename, storage_path)
     values ('b.mp4', 'a0000000-0000-4000-8000-000000000001/b.mp4') $$,
  'the owner adds a recording without naming themselves'
);
select throws_ok(
  $$ insert into public.video_recordings (user_id, filename, storage_path)
     values ('b0000000-0000-4000-8000-000000000002', 'c.mp4',
       'b0000000-0000-4000-8000-000000000002/c.mp4') $$,
  '42501', null, 'nobody adds a recording for another user'
);
select lives_ok(
  $$ update public.video_recordings set upload_status = 'failed', error_code = 'file_too_large',
       last_error = 'Too large.', filename = 'x.mp4', language = 'de-DE', duration_seconds = 3
     where id = -1 $$,
  'the owner updates the state of the upload'
);
select throws_ok(
  $$ update public.video_recordings set storage_path = 'elsewhere' where id = -1 $$,
  '42501', null, 'the owner cannot move a recording to another object'
);
select throws_ok(
  $$ update public.video_recordings set user_id = 'b0000000-0000-4000-8000-000000000002'
     where id = -1 $$,
  '42501', null, 'the owner cannot give a recording away'
);

select tests.act_as('stranger');
select is_empty(query, what)
from (values
  ('select id from public.video_recordings', 'a stranger reads nothing'),
  ($$ update public.video_recordings set filename = 'y.mp4' where id = -1 returning id $$,
    'a stranger updates nothing'),
  ('delete from public.video_recordings where id = -1 returning id', 'a stranger deletes nothing')
) as empty (query, what);

select tests.act_as('anon');
select throws_ok(
  $$ select filename from public.video_recordings $$, '42501', null,
  'anonymous callers read nothing'
);
select is_empty('select id from public.video_recordings', 'not even a key');
select throws_ok(call, code, message, what)
from (values
  ($$ insert into public.video_recordings (filename, storage_path) values ('a.mp4', 'a/a.mp4') $$,
    '42501', null, 'anonymous callers add nothing'),
  ($$ update public.video_recordings set filename = 'z.mp4' $$, '42501', null,
    'anonymous callers update nothing'),
  ('delete from public.video_recordings', '42501', null, 'anonymous callers delete nothing')
) as refused (call, code, message, what);

select tests.act_as('service_role');
select results_eq(
  $$ select filename from public.video_recordings where id = -1 $$, $$ values ('x.mp4') $$,
  'workers read every recording'
);

select tests.act_as('owner');
select results_eq(
  $$ delete from public.video_recordings where id = -1 returning id $$,
  $$ values (-1::bigint) $$,
  'the owner deletes a recording'
);
select is_empty(
  $$ select id from public.analysis_jobs where video_recording_id = -1 $$,
  'its analysis goes with it'
);

reset role;
select * from finish();
rollback;

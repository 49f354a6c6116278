-- A database in which everything that can happen has happened breaks no rule.
begin;
select plan(14);

delete from public.video_recordings;
insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com');
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.video_recordings (id, user_id, filename, storage_path, upload_status)
overriding system value
select -i, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/' || i || '.mp4',
  case i when 1 then 'pending' when 2 then 'uploading' when 3 then 'failed' else 'completed' end
from generate_series(1, 12) as i;
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status, available_at)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{}', 'queued', null);
select is_empty('select * from pipeline.violations', 'uploads of every kind');

set local role service_role;
create temp table jobs on commit drop as select * from pipeline.claim_analysis(8);
select is_empty('select * from pipeline.violations', 'leases of analysis');
select pipeline.fail_analysis(id, lease_token, 'provider_timeout', 'Slow.', true)
from (select * from jobs order by id limit 1) as j;
select pipeline.fail_analysis(id, lease_token, 'video_unreadable', 'Broken.', false)
from (select * from jobs order by id offset 1 limit 1) as j;
select pipeline.defer_analysis(id, lease_token, 5)
from (select * from jobs order by id offset 2 limit 1) as j;
select pipeline.release_analysis(id, lease_token)
from (select * from jobs order by id offset 3 limit 1) as j;
select pipeline.complete_analysis((
  select jsonb_agg(jsonb_build_object('id', j.id, 'lease_token', j.lease_token, 'title', 'Clip',
    'summary', 'A clip.', 'model', 'm', 'prompt_version', '1', 'confidence', 0.5,
    'duration_seconds', 9, 'metrics', '[]'::jsonb, 'feedback', '[
      {"start_seconds":1,"end_seconds":2,"category":"motion","severity":"low","confidence":0.5,
        "message":"Hello","drill":null},
      {"start_seconds":1,"end_seconds":2,"category":"motion","severity":"low","confidence":0.5,
        "message":"","drill":null}]'::jsonb))
  from (select * from jobs order by id offset 4 limit 3) as j
));
select is_empty(
  'select * from pipeline.violations', 'analyses that failed, wait, were handed back and are done'
);

set local pipeline.now = '2030-01-01 00:10:00+00';
create temp table ssml on commit drop as select * from pipeline.claim_ssml(8);
select is_empty('select * from pipeline.violations', 'leases of SSML, and silent feedback');
select pipeline.complete_ssml((
  select jsonb_agg(jsonb_build_object('id', s.id, 'lease_token', s.lease_token,
    'provider', 'gemini', 'version', '1', 'segments',
    '[{"segment_index":0,"ssml":"<speak>a</speak>"},{"segment_index":1,"ssml":"<speak>b</speak>"}]'
    ::jsonb))
  from ssml as s
));
select is_empty('select * from pipeline.violations', 'SSML that is done, audio that is ready');
create temp table audio on commit drop as select * from pipeline.claim_audio(8);
select is_empty('select * from pipeline.violations', 'leases of audio');
select pipeline.complete_audio((
  select jsonb_agg(jsonb_build_object('id', a.id, 'lease_token', a.lease_token,
    'provider', 'tts', 'version', '1', 'segments',
    '[{"segment_index":0,"audio_url":"a","format":"wav","duration_ms":1},
      {"segment_index":1,"audio_url":"b","format":"wav","duration_ms":1}]'::jsonb))
  from (select * from audio order by id limit 2) as a
));
select pipeline.fail_audio(id, lease_token, 'voice_not_found', 'No such voice.', false)
from (select * from audio order by id offset 2) as a;
select is_empty('select * from pipeline.violations', 'audio that is done, and failed');

-- Time passes: leases end, what waited is ready, the last attempts are swept.
select set_config('pipeline.now', (timestamptz '2030-01-01 00:10:00+00' + i * interval '10 minutes')
  ::text, true), pipeline.claim_analysis(8) from generate_series(1, 4) as i;
select pipeline.sweep();
select results_eq(
  $$ select distinct status from public.analysis_jobs order by status $$,
  $$ values ('completed'), ('failed'), ('queued') $$, 'nothing is under way any more'
);
select is_empty('select * from pipeline.violations', 'expired and swept leases');
select pipeline.requeue_analysis(id) from public.analysis_jobs where status = 'failed';
select pipeline.requeue_feedback(id, 'audio') from public.analysis_feedback
where audio_status = 'failed';
update public.analysis_feedback set message = 'Other words'
where id = (select min(id) from public.analysis_feedback);
select is_empty('select * from pipeline.violations', 'what was queued anew, and other words');
update public.analysis_feedback set ssml_attempts = 2 where ssml_status = 'queued';
update pipeline.stages set max_attempts = 1 where stage = 'ssml';
select pipeline.claim_ssml(1);
select is_empty(
  'select * from pipeline.violations', 'an attempt more than the maximum that was lowered meanwhile'
);

reset role;
delete from public.video_recordings where id in (-7, -8, -9);
select is_empty('select * from pipeline.violations', 'recordings that were deleted');

-- The view shows rows of all owners.
set local role authenticated;
select throws_ok(
  'select * from pipeline.violations', '42501', null, 'users may not read the view'
);
set local role anon;
select throws_ok(
  'select * from pipeline.violations', '42501', null, 'nor may anonymous callers'
);

reset role;
select * from finish();
rollback;

-- A database in which everything that can happen has happened breaks no rule.
begin;
select plan(16);

select tests.queue();

create function pg_temp.healthy(description text)
returns text language sql as $$
  select is_empty('select * from pipeline.violations', healthy.description)
$$;
insert into public.video_recordings (user_id, filename, storage_path, upload_status)
select md5('light')::uuid, 'a.mp4', md5('light')::uuid || '/' || s, s
from unnest(array['pending', 'uploading', 'failed']) as s;
select pg_temp.upload('heavy', 9);
select pg_temp.healthy('uploads of every kind');

select pg_temp.claim(8);
select pg_temp.healthy('leases of analysis');
create temp table held on commit drop as
select row_number() over (order by subject_id) as place, t.* from pipeline.tasks as t
where stage = 'analysis' and lease_token is not null;
select pipeline.fail(stage, subject_id, lease_token, 'x', 'No.', true) from held where place = 1;
select pipeline.fail(stage, subject_id, lease_token, 'x', 'No.', false) from held where place = 2;
select pipeline.defer(stage, subject_id, lease_token, 'x', 'No.', 5) from held where place = 3;
select pipeline.defer(stage, subject_id, lease_token, 'x', 'No.', 5, 1) from held
where place = 4;
select pipeline.release(stage, subject_id, lease_token) from held where place = 5;
select pipeline.complete_analysis((
  select jsonb_agg(jsonb_build_object('id', h.subject_id, 'lease_token', h.lease_token,
    'title', 'Clip', 'summary', 'A clip.', 'model', 'm', 'prompt_version', '1',
    'confidence', 0.5, 'duration_seconds', 9, 'metrics', '[]'::jsonb, 'feedback', '[
      {"start_seconds":1,"end_seconds":2,"category":"motion","severity":"low","confidence":0.5,
        "message":"Hello","drill":null},
      {"start_seconds":1,"end_seconds":2,"category":"motion","severity":"low","confidence":0.5,
        "message":"","drill":null}]'::jsonb))
  from held as h where h.place > 5
));
select pg_temp.healthy('analyses that failed, wait, were handed back and are done');

create temp table ssml on commit drop as select * from pipeline.claim_ssml(8);
select pg_temp.healthy('leases of SSML, and silent feedback');
select pipeline.complete_ssml((
  select jsonb_agg(jsonb_build_object('id', s.id, 'lease_token', s.lease_token,
    'provider', 'gemini', 'version', '1', 'segments',
    '[{"segment_index":0,"ssml":"<speak>a</speak>"},{"segment_index":1,"ssml":"<speak>b</speak>"}]'
    ::jsonb))
  from ssml as s
));
select pg_temp.healthy('SSML that is done, audio that is ready');
create temp table audio on commit drop as
select row_number() over (order by id) as place, c.* from pipeline.claim_audio(8) as c;
select pg_temp.healthy('leases of audio');
select pipeline.complete_audio((
  select jsonb_agg(jsonb_build_object('id', a.id, 'lease_token', a.lease_token,
    'provider', 'tts', 'version', '1', 'segments',
    '[{"segment_index":0,"audio_url":"a","format":"wav","duration_ms":1},
      {"segment_index":1,"audio_url":"b","format":"wav","duration_ms":1}]'::jsonb))
  from audio as a where a.place = 1
));
select pipeline.fail('audio', id, lease_token, 'voice_not_found', 'No such voice.', false)
from audio where place = 2;
select pipeline.send_back('audio', id, lease_token, 'ssml_refused', 'Bad markup.')
from audio where place = 3;
select pg_temp.healthy('audio that is done, failed and sent back');

-- Time passes: leases end, what waited is ready, the last losses are swept. (`0 * i`: a claim for
-- each time.)
update pipeline.stages set max_losses = 1;
select set_config('pipeline.now', (timestamptz '2030-01-01 00:10:00+00' + i * interval '10 minutes')
  ::text, true), (select count(*) from pipeline.claim_analysis(8 + 0 * i)) from generate_series(1, 20) as i;
select pipeline.sweep();
select results_eq(
  $$ select count(*) > 0 from items where error_code = 'lease_expired' $$, 'values (true)', 'what workers were lost with has failed'
);
select pg_temp.healthy('expired and swept leases');
select pipeline.requeue_analysis(id) from public.analysis_jobs where status = 'failed';
select pipeline.requeue_feedback(id, 'audio') from public.analysis_feedback
where audio_status = 'failed';
update public.analysis_feedback set message = 'Other words'
where id = (select min(id) from public.analysis_feedback);
select pg_temp.healthy('what was queued anew, and other words');

update pipeline.stages set daily_attempts_per_user = 0 where stage = 'analysis';
select pg_temp.claim(8);
select isnt_empty('select from items where parked', 'a quota is used up');
select pg_temp.healthy('what is parked');
set local pipeline.now = '2030-01-09 00:00:00+00';
select pipeline.recognise_uploads();
select pg_temp.healthy('uploads that were given up');
delete from public.video_recordings
where id in (select id from public.video_recordings order by id limit 5);
select pg_temp.healthy('recordings that were deleted');
delete from auth.users where id = md5('heavy')::uuid;
select pg_temp.healthy('an account that was closed');

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

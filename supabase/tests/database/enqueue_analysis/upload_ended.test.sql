-- A complete upload queues its analysis, by the trigger alone and once; a failed one fails it.
begin;
select plan(15);


delete from public.video_recordings;
select tests.people();
set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.recordings(3);
create function pg_temp.set_status(id bigint, variadic statuses text[])
returns void language plpgsql as $$
begin
  for i in 1 .. cardinality(statuses) loop
    update public.video_recordings as v set upload_status = statuses[i]
    where v.id = set_status.id;
  end loop;
end
$$;
create temp view jobs as
select j.video_recording_id::int as recording, j.status, j.attempts, j.error_code, j.last_error,
  t.turn is not null as is_ready, t.lease_token
from public.analysis_jobs as j
left join pipeline.tasks as t on t.stage = 'analysis' and t.subject_id = j.id;

select pg_temp.set_status(-1, 'uploading');
select is_empty('select * from jobs', 'an upload under way queues nothing');

-- Without a unique constraint on video_recording_id the trigger's upsert fails with "there is no
-- unique or exclusion constraint matching the ON CONFLICT specification" (42P10), and with it every
-- update that completes an upload.
select col_is_unique(
  'public', 'analysis_jobs', 'video_recording_id', 'a recording has at most one job'
);
select tests.act_as('owner');
select lives_ok(
  $$ update public.video_recordings set upload_status = 'completed' where id = -1 $$,
  'the owner''s update to completed matches the ON CONFLICT specification'
);
reset role;
select results_eq(
  $$ select j.status::text, j.attempts, t.available_at, t.user_id, j.coach
     from public.analysis_jobs as j
     join pipeline.tasks as t on t.stage = 'analysis' and t.subject_id = j.id $$,
  $$ values ('queued', 0, '2030-01-01 00:00:00+00'::timestamptz,
     'a0000000-0000-4000-8000-000000000001'::uuid,
     '{"pitch": 0, "style": "clear", "voice_name": "en-US-Neural2-C", "language_code": "en-US",
       "speaks": true, "speaking_rate": 1.0}'::jsonb) $$,
  'the job is ready now, with the language''s default voice'
);
select pipeline.complete_analysis(jsonb_agg(jsonb_build_object('id', c.id,
  'lease_token', c.lease_token, 'title', 't', 'summary', 's', 'model', 'm', 'prompt_version', '1',
  'confidence', 1, 'duration_seconds', 9, 'metrics', '[]'::jsonb, 'feedback', '[]'::jsonb)))
from pipeline.claim_analysis(1) as c;
select pg_temp.set_status(-1, 'uploading', 'completed', 'failed', 'completed');
select results_eq(
  'select status::text, is_ready from jobs', $$ values ('completed', false) $$,
  'completing again does not restart a finished analysis, nor does failing end it'
);

update public.video_recordings
set upload_status = 'failed', error_code = 'file_too_large', last_error = 'It is too large.'
where id = -2;
select pg_temp.set_status(-3, 'failed');
select results_eq(
  'select status::text, error_code, last_error, is_ready from jobs where recording < -1 order by recording',
  $$ values ('failed', 'upload_failed', 'The upload failed.', false),
     ('failed', 'file_too_large', 'It is too large.', false) $$,
  'the job fails with the upload''s reason, or says that it failed'
);
select pg_temp.set_status(-3, 'completed');
select results_eq(
  'select status::text, error_code, is_ready from jobs where recording = -3',
  $$ values ('queued', null::text, true) $$, 'an upload that succeeds later queues the same job'
);
select pipeline.claim_analysis(1);
select pg_temp.set_status(-3, 'failed');
select results_eq(
  'select status::text, attempts, error_code, lease_token from jobs where recording = -3',
  $$ values ('failed', 1, 'upload_failed', null::uuid) $$,
  'a worker loses its lease when the upload turns out to have failed'
);
select pg_temp.set_status(-3, 'completed', 'uploading', 'completed');
select results_eq(
  'select status::text, attempts from jobs where recording = -3', $$ values ('failed', 1) $$,
  'an analysis that was begun is not begun again by toggling the upload''s status'
);

insert into public.video_recordings (id, user_id, filename, storage_path, upload_status, language)
overriding system value
select -i, 'a0000000-0000-4000-8000-000000000001', 'c.mp4',
  'a0000000-0000-4000-8000-000000000001/' || i || '.mp4', 'completed', 'de-AT'
from generate_series(11, 12) as i;
select results_eq(
  $$ select coach ->> 'voice_name' from public.analysis_jobs where video_recording_id < -10 $$,
  $$ values ('de-DE-Neural2-C'), ('de-DE-Neural2-C') $$,
  'recordings inserted as completed are all queued, with a voice of a near language'
);
insert into public.voice_preferences (user_id, coach_voice_id)
select 'a0000000-0000-4000-8000-000000000001', id from public.coach_voices where name = 'Sam';
select results_eq(
  $$ select c.coach ->> 'style', c.coach -> 'speaks'
     from (values (1, 'en-AU'), (2, 'xx')) as l (place, tag),
       pipeline.coach_for('a0000000-0000-4000-8000-000000000001', l.tag) as c (coach)
     order by l.place $$,
  $$ values ('energetic', 'true'::jsonb), ('energetic', 'false') $$,
  'the owner''s voice comes before the language''s default, and tells what it does not speak'
);
select results_eq(
  $$ select c.coach ->> 'language_code', c.coach -> 'speaks'
     from (values (1, 'ja'), (2, 'zh-Hant-TW'), (3, 'no'), (4, 'de-AT'))
       as l (place, tag),
       pipeline.coach_for('a0000000-0000-4000-8000-000000000001', l.tag) as c (coach)
     order by l.place $$,
  $$ values ('ja-JP', 'true'::jsonb), ('cmn-CN', 'true'), ('nb-NO', 'true'), ('de-DE', 'true') $$,
  'but not before a voice that speaks the language where the owner''s does not'
);
delete from public.voice_preferences;
select results_eq(
  $$ select c ->> 'language_code', c -> 'speaks'
     from pipeline.coach_for('a0000000-0000-4000-8000-000000000001', 'xx') as c $$,
  $$ values ('en-US', 'false'::jsonb) $$, 'a language without a voice is known to have none'
);
select throws_ok(
  $$ insert into public.coach_voices (name, description, language_code, voice_name, style,
       is_default)
     values ('Second', 'Another default.', 'en-US', 'en-US-Neural2-A', 'clear', true) $$,
  '23505', null, 'a language has one default voice'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

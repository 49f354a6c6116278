-- The word that feedback is ready: when, once, to whom, and in which language.
begin;
select plan(9);

insert into auth.users (id, email, email_confirmed_at) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com', now());
insert into public.contacts (user_id, contact_type, address, topics, created_at) values
  ('a0000000-0000-4000-8000-000000000001', 'email', 'owner@example.com', '{feedback_ready}',
    '2030-01-01 11:00+00');
select set_config('pipeline.now', '2030-01-01 12:00+00', true);

-- A recording of which a remark has ended at a time, as its stages' status say.
create function pg_temp.add(
  name text, language text, ssml text[], audio text[], ended timestamptz
)
returns void language sql as $$
  with v as (
    insert into public.video_recordings (user_id, filename, storage_path, language)
    values ('a0000000-0000-4000-8000-000000000001', name,
      'a0000000-0000-4000-8000-000000000001/' || name, language)
    returning id, user_id
  ),
  j as (
    insert into public.analysis_jobs (video_recording_id, user_id, status, coach)
    select v.id, v.user_id, 'completed', '{}' from v returning id, user_id
  ),
  f as (
    insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
      category, severity, confidence, message, ssml_status, audio_status, ssml_error_code,
      audio_error_code)
    select j.id, j.user_id, 1, 2, 'technique', 'low', 0.5, 'Text', s.ssml::public.stage_status,
      s.audio::public.stage_status, case s.ssml when 'failed' then 'internal_error' end,
      case s.audio when 'failed' then 'internal_error' end
    from j cross join unnest(ssml, audio) as s (ssml, audio)
    returning id, user_id, ssml_status, audio_status
  )
  insert into public.processing_timeline
    (stage, subject_id, user_id, attempt, started_at, ended_at, outcome, error_code)
  select case f.ssml_status when 'failed' then 'ssml' else 'audio' end, f.id, f.user_id, 1, ended,
    ended, case 'failed' when f.ssml_status::text then 'failed' when f.audio_status::text
      then 'failed' else 'completed' end, null
  from f where 'failed' in (f.ssml_status::text, f.audio_status::text)
    or f.audio_status = 'completed'
$$;

select pg_temp.add('plain', 'en-US', '{completed,completed}', '{completed,completed}',
  '2030-01-01 11:59+00');
select pg_temp.add('german', 'de-AT', '{completed}', '{completed}', '2030-01-01 11:59+00');
select pg_temp.add('last failed', 'en-US', '{completed,failed}', '{completed,queued}',
  '2030-01-01 11:10+00');
select pg_temp.add('under way', 'en-US', '{completed,completed}', '{completed,processing}',
  '2030-01-01 11:59+00');
select pg_temp.add('all failed', 'en-US', '{completed}', '{failed}', '2030-01-01 11:59+00');
select pg_temp.add('long ago', 'en-US', '{completed}', '{completed}', '2030-01-01 10:30+00');
select pg_temp.add('before the contact', 'en-US', '{completed}', '{completed}',
  '2030-01-01 11:00+00'::timestamptz - interval '1 second');

select is(pipeline.announce_feedback(), 3, 'it is said when no remark is under way any more');
select results_eq(
  'select subject from public.message_queue order by subject',
  array['Dein Feedback zu german ist da', 'Your feedback on last failed is ready',
    'Your feedback on plain is ready'],
  'in the language of the feedback'
);
select set_eq(
  'select body from public.message_queue',
  array[E'Eine Bemerkung zu deinem Video german ist zu hören.\n',
    E'One remark on your video last failed can be heard.\n',
    E'2 remarks on your video plain can be heard.\n'],
  'with what can be heard'
);
select is_empty(
  $$ select from public.message_queue as m where m.payload ->> 'event' <> 'feedback.ready' $$,
  'a program is told by what it is'
);
select is(pipeline.announce_feedback(), 0, 'it is said once');

update public.analysis_feedback set audio_status = 'completed' where audio_status = 'processing';
select is(pipeline.announce_feedback(), 1, 'the last remark makes it ready');

select pg_temp.add('many ' || i, 'en-US', '{completed}', '{completed}', '2030-01-01 11:59+00')
from generate_series(1, 70) as i;
select is(pipeline.announce_feedback(), 56, 'a contact is sent 60 an hour');
select set_config('pipeline.now', '2030-01-01 12:30+00', true);
select is(pipeline.announce_feedback(), 0, 'what is beyond it is not lost');
update pipeline.rate_limits set ends_at = '2030-01-01 12:30+00';
select is(pipeline.announce_feedback(), 14, 'and comes once there is room');

select * from finish();
rollback;

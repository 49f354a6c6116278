-- Workers and operators, who come with the secret key: they read and write everything of everybody
-- in public; in pipeline they tune what is there, and take nothing away.
begin;
select plan(36);

select tests.people();
insert into public.voice_preferences (user_id, coach_voice_id)
select 'a0000000-0000-4000-8000-000000000001', v.id from public.coach_voices as v
where v.name = 'Morgan';
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/a.mp4');

select tests.act_as('service_role');

select lives_ok(call, what)
from (values
  ($$ insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status)
     overriding system value
     values (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{"style":"calm"}', 'completed') $$,
    'they add a job'),
  ($$ insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value)
     values (-1, 'motion', 1) $$, 'they add a metric'),
  ($$ insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds,
       end_seconds, category, severity, confidence, message)
     overriding system value
     values (-1, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Hi') $$,
    'they add a feedback'),
  ($$ insert into public.analysis_ssml_segments (feedback_id, ssml)
     values (-1, '<speak>a</speak>') $$, 'they add SSML'),
  ($$ insert into public.analysis_audio_segments
       (feedback_id, audio_url, format, duration_ms, provider)
     values (-1, 'a.wav', 'wav', 1, 'gemini') $$, 'they add audio')
) as fine (call, what);

create temp table place on commit drop as
select * from (values
  ('public.analysis_audio_segments', 'format'), ('public.analysis_ssml_segments', 'ssml'),
  ('public.analysis_feedback', 'severity'), ('public.analysis_metrics', 'unit'),
  ('public.analysis_jobs', 'status'), ('public.video_recordings', 'filename'),
  ('public.voice_preferences', 'coach_voice_id')
) as p (name, col);

select isnt_empty(format('select * from %s', p.name), format('they read %s', p.name))
from place as p;
select isnt_empty(
  format('update %1$s set %2$I = %2$I returning %2$I', p.name, p.col),
  format('they change %s', p.name)
) from place as p;
select isnt_empty(
  format('delete from %s returning %I', p.name, p.col), format('they delete from %s', p.name)
) from place as p;

select lives_ok(
  format('update pipeline.%1$s set %2$I = %2$I', t.name, t.key),
  format('they tune pipeline.%s', t.name)
)
from (values ('stages', 'enabled'), ('stage_clocks', 'outcome'), ('provider_limits', 'burst'),
  ('user_quotas', 'daily_attempts')) as t (name, key);
select throws_ok(
  format('delete from pipeline.%s', t.name), '42501', null,
  format('they delete nothing from pipeline.%s', t.name)
)
from (values ('stages'), ('stage_clocks'), ('provider_limits')) as t (name);
select throws_ok(
  format('insert into pipeline.%s default values', t.name), '42501', null,
  format('they add nothing to pipeline.%s', t.name)
)
from (values ('stages'), ('stage_clocks')) as t (name);
select lives_ok('select * from pipeline.violations', 'they ask for broken rules');

reset role;
select * from finish();
rollback;

-- What was written is spoken in the language that it was written in, whatever was asked for.
begin;
select plan(4);

select tests.people();
insert into public.video_recordings (id, user_id, filename, storage_path, language)
overriding system value
select -n, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/' || n || '.mp4', 'it-IT'
from generate_series(1, 2) as n;
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status, attempts)
overriding system value
select -n, -n, 'a0000000-0000-4000-8000-000000000001',
  pipeline.coach_for('a0000000-0000-4000-8000-000000000001', 'it-IT'), 'processing', 1
from generate_series(1, 2) as n;
insert into pipeline.tasks (stage, subject_id, user_id, attempts, available_at, lease_token)
select 'analysis', -n, 'a0000000-0000-4000-8000-000000000001', 1, 'infinity',
  ('c0000000-0000-4000-8000-00000000000' || n)::uuid
from generate_series(1, 2) as n;

set local role service_role;
select pipeline.complete_analysis(jsonb_agg(jsonb_build_object(
  'id', -n, 'lease_token', 'c0000000-0000-4000-8000-00000000000' || n,
  'title', 'T', 'summary', 'S', 'confidence', 0.5, 'model', 'm', 'prompt_version', '1',
  'duration_seconds', 20, 'metrics', '[]'::jsonb,
  'language', case n when 1 then 'en-US' end,
  'feedback', '[{"start_seconds": 1, "end_seconds": 2, "category": "motion", "severity": "low",
    "confidence": 0.5, "message": "A burst.", "drill": null}]'::jsonb
))) from generate_series(1, 2) as n;

select results_eq(
  $$ select id, language from public.analysis_jobs where id in (-1, -2) order by id desc $$,
  $$ values (-1::bigint, 'en-US'), (-2, null) $$,
  'the job tells what it is written in, where the model said so'
);
select results_eq(
  $$ select id, coach ->> 'language_code' from public.analysis_jobs where id in (-1, -2)
     order by id desc $$,
  $$ values (-1::bigint, 'en-US'), (-2, 'it-IT') $$,
  'a voice of that language speaks it'
);
select results_eq(
  $$ select analysis_job_id, language, coach ->> 'language_code' from pipeline.claim_ssml(10)
     where analysis_job_id in (-1, -2) order by 1 desc $$,
  $$ values (-1::bigint, 'en-US', 'en-US'), (-2, 'it-IT', 'it-IT') $$,
  'who writes the markup is told so'
);
select throws_like(
  $$ update public.analysis_jobs set language = 'English' where id = -1 $$,
  '%language_is_a_tag%', 'it is a language tag'
);

select * from finish();
rollback;

begin;
select plan(8);

select tests.recording();
insert into public.analysis_jobs (id, video_recording_id, user_id, coach)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{}');
insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value)
values (-1, 'motion', 1);

select throws_ok(
  $$ insert into public.analysis_jobs (video_recording_id, user_id, coach)
     values (-1, 'a0000000-0000-4000-8000-000000000001', '{}') $$,
  '23505', null, 'a recording has one analysis job'
);
select throws_like(call, message, what)
from (values
  ($$ update public.analysis_jobs set status = 'done' where id = -1 $$, '%status_is_known%',
    'an unknown status is refused'),
  ($$ update public.analysis_jobs set status = 'failed' where id = -1 $$, '%a_failed_job_says_why%',
    'a failed job has an error code'),
  ('update public.analysis_jobs set attempts = -1 where id = -1', '%attempts_are_not_negative%',
    'attempts are counted up from 0'),
  ('update public.analysis_jobs set confidence = 1.01 where id = -1', '%confidence_is_a_share%',
    'confidence is a share')
) as refused (call, message, what);
select throws_ok(
  $$ insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value)
     values (-1, 'motion', 2) $$,
  '23505', null, 'a metric has one value in an analysis'
);
select throws_like(
  $$ insert into public.analysis_metrics (analysis_job_id, metric_key, metric_value)
     values (-1, 'Motion!', 2) $$,
  '%metric_key_is_snake_case%', 'a metric key is snake_case'
);
select throws_like(
  $$ update public.analysis_metrics set unit = repeat('x', 41) where analysis_job_id = -1 $$,
  '%unit_is_short%', 'a unit is short'
);

select * from finish();
rollback;

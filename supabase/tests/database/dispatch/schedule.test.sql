-- The jobs of pg_cron, and what enforce_data_retention() leaves.
begin;
select plan(4);

select results_eq(
  $$ select jobname::text, schedule, command from cron.job
     where jobname like 'sideline-%' order by jobname $$,
  $$ values ('sideline-answers', '*/10 * * * *', 'select pipeline.drop_old_answers()'),
     ('sideline-dispatch', '1 second', 'select pipeline.watch()'),
     ('sideline-erasures', '* * * * *', 'select pipeline.tidy_erasures()'),
     ('sideline-health', '* * * * *', 'select pipeline.watch_health()'),
     ('sideline-prune', '*/10 * * * *', 'select * from pipeline.enforce_data_retention()'),
     ('sideline-replacements', '* * * * *', 'select pipeline.recognise_replacements()'),
     ('sideline-slow-metrics', '*/10 * * * *', 'select pipeline.sample_slow_metrics()'),
     ('sideline-uploads', '1 second', 'select pipeline.recognise_uploads()') $$,
  'arrivals and uploads are watched for every second, replaced and forgotten objects every minute'
);

insert into cron.job_run_details (runid, jobid, username, end_time) values
  (-1, -1, current_user, now() - interval '61 minutes'),
  (-2, -1, current_user, now() - interval '59 minutes');
insert into net._http_response (id, created) values
  (-1, now() - interval '61 minutes'), (-2, now() - interval '59 minutes');
select lives_ok('select * from pipeline.enforce_data_retention()', 'what is old is removed');
select results_eq(
  'select runid from cron.job_run_details where jobid = -1', 'values (-2::bigint)',
  'an hour of the scheduler''s history stays'
);
select results_eq(
  'select id from net._http_response where id < 0', 'values (-2::bigint)',
  'an hour of answers stays'
);

select * from finish();
rollback;

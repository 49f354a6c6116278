-- Alerts: told to who is there to be told, once, and a scheduler that was away is no job's fault.
begin;
select plan(15);

delete from public.contacts;
delete from pipeline.alerts;
delete from pipeline.system_metrics;
delete from cron.job_run_details;
insert into auth.users (id, email, email_confirmed_at, raw_app_meta_data) values
  ('c0000000-0000-4000-8000-000000000001', 'operator@example.com', now(),
    '{"role": "operator"}');
update pipeline.alert_rules set enabled = name in ('database_full', 'cron_dead');
update pipeline.alert_rules set threshold = 1 where name = 'database_full';

-- A minute of cron, and what was told in it.
create function pg_temp.watch(at timestamptz)
returns table (subject text) language plpgsql as $$
begin
  perform set_config('pipeline.now', watch.at::text, true);
  perform pipeline.sample_sizes(watch.at);
  perform pipeline.watch_health();
  return query select m.subject from public.message_queue as m
  where m.created_at = watch.at order by 1;
end
$$;
create function pg_temp.open_alert()
returns table (is_told boolean) language sql as $$
  select a.told_at is not null from pipeline.alerts as a
  where a.rule = 'database_full' and a.resolved_at is null
$$;

select is_empty(
  $$ select pg_temp.watch('2030-01-01 12:00Z') $$, 'where nobody has a contact nobody is told'
);
select results_eq('select * from pg_temp.open_alert()', 'values (false)', 'and nothing says so');
insert into public.contacts (user_id, contact_type, address, topics) values
  ('c0000000-0000-4000-8000-000000000001', 'email', E'operator@example.com', '{alerts}');
select results_eq(
  $$ select pg_temp.watch('2030-01-01 12:01Z') $$, $$ values ('[warning] database_full') $$,
  'who comes later is told of what still fires'
);
update pipeline.alert_rules set threshold = 1e15 where name = 'database_full';
select results_eq(
  $$ select pg_temp.watch('2030-01-01 12:02Z') $$, $$ values ('[resolved] database_full') $$,
  'and that it is over'
);
update pipeline.alert_rules set threshold = 1 where name = 'database_full';
select is_empty(
  $$ select pg_temp.watch('2030-01-01 12:03Z') $$, 'what comes back within the hour is not told'
);

-- One more message may be sent in this hour.
update public.contacts set enabled = false;
select pg_temp.watch('2030-01-01 14:00Z');
update public.contacts set enabled = true;
insert into pipeline.alert_rules (name, metric, threshold, severity, summary, runbook)
values ('database_fuller', 'database_bytes', 1, 'critical', 'It is full.', 'page.md');
insert into pipeline.rate_limits (subject, count, ends_at)
select 'contact ' || c.id, 59, '2030-01-01 15:00Z' from public.contacts as c
on conflict (subject) do update set count = excluded.count, ends_at = excluded.ends_at;
select results_eq(
  $$ select pg_temp.watch('2030-01-01 14:01Z') $$, $$ values ('[critical] database_fuller') $$,
  'what is critical is told first'
);
delete from pipeline.alert_rules where name = 'database_fuller';
select set_config('pipeline.now', '2030-01-01 12:03Z', true);

select results_eq(
  $$ select distinct m.value from pipeline.latest_metrics('2030-01-01 12:03Z') as m
     where m.name = 'items_ended' $$,
  'values (0::float8)', 'in a minute in which nothing ended there is nothing'
);

insert into storage.objects (bucket_id, name, metadata)
select b.bucket, 'big', '{"size": 50000000000}' from unnest(array['raw', 'processed']) as b (bucket);
select pipeline.sample_whole_tables('2030-01-01 12:04Z');
select results_eq(
  $$ select m.value >= 1e11 from pipeline.alert_rules as r
     join pipeline.latest_metrics('2030-01-01 12:04Z') as m on m.name = r.metric
     where r.name = 'storage_full' and m.value > r.threshold $$,
  'values (true)', 'what all buckets hold together is what a plan limits'
);

create function pg_temp.share_after(at timestamptz, stage text, outcome text, code text)
returns setof float8 language sql as $$
  insert into public.processing_timeline
    (user_id, stage, subject_id, attempt, started_at, ended_at, outcome, error_code)
  values (gen_random_uuid(), stage, 1, 1, at, at, outcome, code);
  select pipeline.sample_outcomes(at + interval '1 minute');
  select m.value from pipeline.system_metrics as m
  where m.name = 'failed_share' and m.at = share_after.at + interval '1 minute'
    and m.labels = jsonb_build_object('stage', share_after.stage)
$$;
select set_config('pipeline.now', '2030-01-02 12:00Z', true);
select results_eq(
  $$ select pg_temp.share_after('2030-01-02 12:00Z'::timestamptz + i * interval '1 minute',
       'audio', case when i < 2 then 'completed' else 'failed' end, 'internal_error')
     from generate_series(1, 3) as i $$,
  'values (0::float8), (0), (0)', 'two that failed of a few are no share yet'
);
select results_eq(
  $$ select pg_temp.share_after('2030-01-02 12:04Z', 'audio', 'failed', 'internal_error') $$,
  'values (0.75::float8)', 'three are'
);
select results_eq(
  $$ select pg_temp.share_after('2030-01-02 12:10Z'::timestamptz + i * interval '1 minute',
       'notify', 'failed', 'message_unanswered')
     from generate_series(1, 4) as i $$,
  'values (0::float8), (0), (0), (0)', 'whose webhook does not answer alarms no operator'
);

create function pg_temp.ran(at timestamptz, except_job text default '')
returns void language sql as $$
  insert into cron.job_run_details (runid, jobid, username, status, start_time, end_time)
  select extract(epoch from ran.at)::bigint * 100 + j.jobid, j.jobid, 'postgres',
    case when j.jobname = except_job then 'failed' else 'succeeded' end, ran.at, ran.at
  from cron.job as j
$$;
create function pg_temp.silent(at timestamptz)
returns table (job text, seconds float8) language sql as $$
  select pipeline.sample_cron(at);
  select m.labels ->> 'job', m.value from pipeline.system_metrics as m
  where m.name = 'cron_silent_seconds' and m.at = silent.at and m.value > 180
$$;
select pg_temp.ran(at, 'sideline-prune')
from generate_series('2030-01-01 13:00Z'::timestamptz, '2030-01-01 13:20Z', '1 minute') as at;
select results_eq(
  $$ select * from pg_temp.silent('2030-01-01 13:20Z') $$,
  $$ values ('sideline-prune', 600::float8) $$,
  'a job of every ten minutes that fails is found'
);
select pg_temp.ran('2030-01-01 13:21Z');
select is_empty(
  $$ select * from pg_temp.silent('2030-01-01 13:32Z') where job like '%prune' $$,
  'and is not called dead while it is not due'
);
select isnt_empty(
  $$ select * from pg_temp.silent('2030-01-01 13:32Z'::timestamptz + interval '1 second')
     where job like '%dispatch' $$,
  'one of every second is'
);
insert into cron.job_run_details (runid, jobid, username, status, start_time, end_time)
select 1e12, j.jobid, 'postgres', 'succeeded', '2030-01-01 18:00Z', '2030-01-01 18:00Z'
from cron.job as j where j.jobname = 'sideline-dispatch';
select is_empty(
  $$ select * from pg_temp.silent('2030-01-01 18:00:01Z') $$,
  'what was due while the whole scheduler was away is no job''s fault'
);

select * from finish();
rollback;

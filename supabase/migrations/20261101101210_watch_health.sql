-- What cron does for operators and their users: samples, alerts, and the word to owners that their
-- feedback can be heard.

-- To owners who want to know: analyses whose last sound was made in the last five minutes. It looks
-- at the newest 5,000 attempts; what it said once it does not say again.
create function pipeline.announce_feedback()
returns int
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_count int := 0;
  v_job record;
begin
  for v_job in
    select j.id, j.user_id, v.id as recording_id, v.filename, count(*) as remarks
    from (
      select distinct f.analysis_job_id
      from (
        select p.subject_id from public.processing_timeline as p
        where p.ended_at > pipeline.now() - interval '5 minutes' and p.stage = 'audio'
          and p.outcome = 'completed'
        order by p.ended_at desc
        limit 5000
      ) as p
      join public.analysis_feedback as f on f.id = p.subject_id
      where exists (
        select from public.contacts as c
        where c.user_id = f.user_id and c.enabled and 'feedback_ready' = any (c.topics)
      )
    ) as d
    join public.analysis_jobs as j on j.id = d.analysis_job_id
    join public.video_recordings as v on v.id = j.video_recording_id
    join public.analysis_feedback as f on f.analysis_job_id = j.id
    group by j.id, j.user_id, v.id, v.filename
    having bool_and(f.audio_status in ('completed', 'failed'))
    limit 1000
  loop
    v_count := v_count + pipeline.post_message(
      'feedback_ready', 'feedback_ready ' || v_job.id, 'normal',
      format('Your feedback on %s is ready', left(v_job.filename, 100)),
      format(E'%s remarks on your video %s can be heard.\n', v_job.remarks, v_job.filename),
      jsonb_build_object(
        'event', 'feedback.ready', 'analysis_job_id', v_job.id,
        'video_recording_id', v_job.recording_id,
        'remarks', v_job.remarks
      ),
      v_job.user_id
    );
  end loop;
  return v_count;
end
$$;

-- Called by cron every minute. Whoever calls it beside cron (see watch_scheduler) adds a sample.
create function pipeline.watch_health()
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pipeline.sample_metrics();
  perform pipeline.evaluate_alerts();
  perform pipeline.announce_feedback();
end
$$;

-- Called by function `metrics` with every look: where the last sample is older than three minutes
-- the scheduler is dead, which it cannot tell itself. Answers whether it is.
create function pipeline.watch_scheduler()
returns boolean
-- Definer: cron's tables are not the service role's.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_last timestamptz := (
    select max(m.at) from pipeline.system_metrics as m
    where m.name = 'outcomes_sampled' and m.at <= pipeline.now()
  );
begin
  if v_last > pipeline.now() - interval '3 minutes' then
    return false;
  end if;
  if pg_try_advisory_xact_lock(hashtext('pipeline.watch_scheduler')) then
    perform pipeline.watch_health();
  end if;
  return true;
end
$$;

-- Answers 'scheduled', or 'skipped' where there is no scheduler. Called once, below.
create function pipeline.schedule_watch()
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if to_regclass('cron.job') is null then
    return 'skipped';
  end if;
  perform cron.schedule('sideline-health', '* * * * *', 'select pipeline.watch_health()');
  perform cron.schedule(
    'sideline-slow-metrics', '*/10 * * * *', 'select pipeline.sample_slow_metrics()'
  );
  return 'scheduled';
end
$$;

revoke all on function
  pipeline.announce_feedback(),
  pipeline.watch_health(),
  pipeline.watch_scheduler(),
  pipeline.schedule_watch()
from public, anon, authenticated;
grant execute on function pipeline.watch_scheduler() to service_role;

select pipeline.schedule_watch();

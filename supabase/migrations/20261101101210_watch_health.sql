-- What cron does for operators and their users: samples, alerts, and the word to owners that their
-- feedback can be heard.

-- Analyses of which the last remark was spoken, or failed, in the last hour, and of which a contact
-- is still to be told. It looks at the newest 5,000 attempts, so its cost does not depend on what
-- there is; the hour bridges a scheduler that was away.
create function pipeline.feedback_to_announce()
returns table (
  analysis_job_id bigint, user_id uuid, video_recording_id bigint, filename text, language text,
  remarks bigint
)
language sql stable security invoker set search_path = ''
as $$
  select j.id, j.user_id, v.id, v.filename, v.language, c.remarks
  from (
    select distinct f.analysis_job_id
    from (
      select p.subject_id, p.ended_at from public.processing_timeline as p
      where p.ended_at > pipeline.now() - interval '1 hour'
        and p.started_at > pipeline.now() - interval '7 days' and p.step is null
        and p.stage in ('ssml', 'audio')
        and (p.outcome = 'failed' or p.outcome = 'completed' and p.stage = 'audio')
      order by p.ended_at desc
      limit 5000
    ) as p
    join public.analysis_feedback as f on f.id = p.subject_id
    where exists (
      select from public.contacts as c
      where c.user_id = f.user_id and c.enabled and 'feedback_ready' = any (c.topics)
        and c.created_at <= p.ended_at and not exists (
          select from public.message_queue as m
          where m.contact_id = c.id and m.message_key = 'feedback_ready ' || f.analysis_job_id
        )
    )
  ) as d
  join public.analysis_jobs as j on j.id = d.analysis_job_id
  join public.video_recordings as v on v.id = j.video_recording_id
  cross join lateral (
    select bool_or(
        f.ssml_status <> 'failed' and f.audio_status in ('queued', 'processing')
          and btrim(f.message) <> ''
      ) as is_under_way,
      count(*) filter (
        where f.audio_status = 'completed' and f.audio_error_code is null
          and f.ssml_error_code is null
      ) as remarks
    from public.analysis_feedback as f where f.analysis_job_id = j.id
  ) as c
  where not c.is_under_way and c.remarks > 0
  limit 1000
$$;

-- To owners who want to know, in the language of the feedback, German or else English. What was
-- said once of a recording is not said again.
create function pipeline.announce_feedback()
returns int
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_count int := 0;
  v record;
begin
  for v in
    select f.*, f.language ~ '^de(-|$)' as is_german from pipeline.feedback_to_announce() as f
  loop
    v_count := v_count + pipeline.post_message(
      'feedback_ready', 'feedback_ready ' || v.analysis_job_id, 'normal',
      format(
        case when v.is_german then 'Dein Feedback zu %s ist da'
        else 'Your feedback on %s is ready' end, left(v.filename, 100)
      ),
      format(
        case
          when v.is_german and v.remarks = 1
          then E'Eine Bemerkung zu deinem Video %2$s ist zu hören.\n'
          when v.is_german then E'%1$s Bemerkungen zu deinem Video %2$s sind zu hören.\n'
          when v.remarks = 1 then E'One remark on your video %2$s can be heard.\n'
          else E'%1$s remarks on your video %2$s can be heard.\n'
        end, v.remarks, v.filename
      ),
      jsonb_build_object(
        'event', 'feedback.ready', 'analysis_job_id', v.analysis_job_id,
        'video_recording_id', v.video_recording_id, 'remarks', v.remarks
      ),
      v.user_id
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
  pipeline.feedback_to_announce(),
  pipeline.announce_feedback(),
  pipeline.watch_health(),
  pipeline.watch_scheduler(),
  pipeline.schedule_watch()
from public, anon, authenticated;
grant execute on function pipeline.watch_scheduler() to service_role;

select pipeline.schedule_watch();

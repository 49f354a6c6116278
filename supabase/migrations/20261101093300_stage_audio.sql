-- Stage `audio`: from the markup to sound. One item is a feedback whose SSML is there. SSML that
-- the speech provider refuses goes back to stage ssml.

create sequence pipeline.audio_served_turn as bigint minvalue 0 start 0;

comment on sequence pipeline.audio_served_turn is 'The latest turn claimed of stage audio.';

insert into pipeline.stages (stage, place, function_name, provider, sent_back_to)
values ('audio', 3, 'audioWorker', 'google-cloud-tts', 'ssml');

create view pipeline.audio_items with (security_invoker = true) as
select f.id, f.user_id, f.audio_status as status, f.audio_attempts as attempts,
  f.audio_error_code as error_code, f.audio_last_error as last_error,
  f.audio_updated_at as updated_at, f.ssml_status = 'completed' as has_input,
  (
    select j.status = 'failed' from public.analysis_jobs as j where j.id = f.analysis_job_id
  ) as parent_failed
from public.analysis_feedback as f;

comment on view pipeline.audio_items is 'The items of stage audio.';
comment on column pipeline.audio_items.id is 'The feedback.';
comment on column pipeline.audio_items.user_id is 'Its owner.';
comment on column pipeline.audio_items.status is 'Its audio_status.';
comment on column pipeline.audio_items.attempts is 'Its attempts.';
comment on column pipeline.audio_items.error_code is 'Its last error.';
comment on column pipeline.audio_items.last_error is 'The same as a sentence.';
comment on column pipeline.audio_items.updated_at is 'When its status changed.';
comment on column pipeline.audio_items.has_input is 'Whether its SSML is there.';
comment on column pipeline.audio_items.parent_failed is 'Whether the analysis failed.';

create function pipeline.claim_audio(
  batch_size int default null, lease_seconds int default null, model text default null,
  busy boolean default false
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, alone boolean,
  correlation_id uuid, user_id uuid, analysis_job_id bigint, language text, coach jsonb,
  segments jsonb
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v pipeline.claim := pipeline.pick('audio', batch_size, lease_seconds, model, busy);
begin
  if v.ids = '{}' then
    return;
  end if;
  return query
  with shown as materialized (
    update public.analysis_feedback as f
    set audio_status = 'processing', audio_attempts = v.attempts[array_position(v.ids, f.id)],
      audio_updated_at = v.at
    where f.id = any (array(
      select h.id from public.analysis_feedback as h where h.id = any (v.ids)
      for no key update skip locked
    ))
    returning f.id, f.user_id, f.analysis_job_id
  )
  select s.id, l.lease_token, l.attempt, v.lease_ends_at, l.alone, j.correlation_id, s.user_id,
    s.analysis_job_id, coalesce(j.language, r.language), j.coach,
    (
      select jsonb_agg(
        jsonb_build_object('segment_index', g.segment_index, 'ssml', g.ssml)
        order by g.segment_index
      )
      from public.analysis_ssml_segments as g
      where g.feedback_id = s.id
    )
  from pipeline.lease(v, array(select c.id from shown as c)) as l
  join shown as s on s.id = l.subject_id
  cross join lateral (
    select c.* from public.analysis_jobs as c where c.id = s.analysis_job_id limit 1
  ) as j
  cross join lateral (
    select c.* from public.video_recordings as c where c.id = j.video_recording_id limit 1
  ) as r
  order by s.id;
end
$$;

-- Each piece of SSML has its piece of sound, and no other has one.
create function pipeline.check_pieces(results jsonb, done bigint[])
returns void
language plpgsql stable security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_incomplete bigint;
begin
  select r.id into v_incomplete
  from jsonb_to_recordset(results) as r (id bigint, segments jsonb)
  where r.id = any (done)
    and array(
      select (a ->> 'segment_index')::int from jsonb_array_elements(r.segments) as a order by 1
    ) <> array(
      select s.segment_index from public.analysis_ssml_segments as s
      where s.feedback_id = r.id order by 1
    )
  limit 1;
  if found then
    raise exception 'feedback %: its audio and SSML segments differ', v_incomplete
    using errcode = 'SL004';
  end if;
end
$$;

-- A worker hands in audio: segments and status in one transaction.
create function pipeline.complete_audio(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v record;
  f record;
  v_busy bigint[];
begin
  v := pipeline.check_results(
    complete_audio.results,
    row('provider, version (texts) and segments (a list, not empty) are needed', '
      $[*] ? (!(@.provider.type() == "string" && @.version.type() == "string"
        && @.segments.type() == "array" && @.segments.size() > 0))'),
    row('a segment needs a whole segment_index from 0, an audio_url, a format of wav, mp3 or ogg, '
      'a duration_ms of at least 1, and a text captions_url or none', '
      $[*] ? (exists(@.segments[*] ? (!(@.segment_index.type() == "number"
        && @.segment_index >= 0 && @.segment_index < 1000
        && @.segment_index.floor() == @.segment_index
        && @.audio_url.type() == "string" && @.audio_url like_regex "\\S"
        && (!exists(@.captions_url) || @.captions_url.type() == "null"
          || (@.captions_url.type() == "string" && @.captions_url like_regex "\\S"))
        && @.format.type() == "string" && @.format like_regex "^(wav|mp3|ogg)$"
        && @.duration_ms.type() == "number" && @.duration_ms >= 1
        && @.duration_ms.floor() == @.duration_ms && @.duration_ms < 2147483648))))')
  );
  v_busy := pipeline.hold_feedback(v.ids);
  f := pipeline.finish('audio', v.ids, v.lease_tokens, v_busy, v_now, results);

  perform pipeline.check_pieces(complete_audio.results, f.done);
  -- As for SSML: before the status.
  with gone as (
    delete from public.analysis_audio_segments as s where s.feedback_id = any (f.done)
    returning s.id
  )
  insert into public.analysis_audio_segments
    (feedback_id, segment_index, audio_url, captions_url, format, duration_ms, provider, version)
  select r.id, s.segment_index, s.audio_url, s.captions_url, s.format, s.duration_ms, r.provider,
    r.version
  from jsonb_to_recordset(complete_audio.results)
    as r (id bigint, provider text, version text, segments jsonb)
  cross join jsonb_to_recordset(r.segments)
    as s (segment_index int, audio_url text, captions_url text, format text, duration_ms int)
  where r.id = any (f.done) and (select count(*) from gone) >= 0;
  update public.analysis_feedback as r
  set audio_status = 'completed', audio_error_code = null, audio_last_error = null,
    audio_updated_at = v_now
  where r.id = any (f.done);
  return query select o.* from pipeline.outcomes(v.ids, f.done, v_busy) as o;
end
$$;

revoke all on sequence pipeline.audio_served_turn from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.audio_served_turn to service_role;
revoke all on table pipeline.audio_items from public, anon, authenticated, service_role;
grant select, update on table pipeline.audio_items to service_role;

revoke all on function
  pipeline.claim_audio(int, int, text, boolean),
  pipeline.check_pieces(jsonb, bigint[]),
  pipeline.complete_audio(jsonb)
from public, anon, authenticated;
grant execute on function
  pipeline.claim_audio(int, int, text, boolean),
  pipeline.check_pieces(jsonb, bigint[]),
  pipeline.complete_audio(jsonb)
to service_role;

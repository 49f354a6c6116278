-- Stage `ssml`: from a feedback to the markup that says it. One item is a feedback.

create sequence pipeline.ssml_served_turn as bigint minvalue 0 start 0;

comment on sequence pipeline.ssml_served_turn is 'The latest turn claimed of stage ssml.';

insert into pipeline.stages (stage, place, function_name, provider)
values ('ssml', 2, 'ssmlWorker', 'gemini');

create view pipeline.ssml_items with (security_invoker = true) as
select f.id, f.user_id, f.ssml_status as status, f.ssml_attempts as attempts,
  f.ssml_error_code as error_code, f.ssml_last_error as last_error,
  f.ssml_updated_at as updated_at, btrim(f.message) <> '' as has_input,
  (
    select j.status = 'failed' from public.analysis_jobs as j where j.id = f.analysis_job_id
  ) as parent_failed
from public.analysis_feedback as f;

comment on view pipeline.ssml_items is 'The items of stage ssml.';
comment on column pipeline.ssml_items.id is 'The feedback.';
comment on column pipeline.ssml_items.user_id is 'Its owner.';
comment on column pipeline.ssml_items.status is 'Its ssml_status.';
comment on column pipeline.ssml_items.attempts is 'Its attempts.';
comment on column pipeline.ssml_items.error_code is 'Its last error.';
comment on column pipeline.ssml_items.last_error is 'The same as a sentence.';
comment on column pipeline.ssml_items.updated_at is 'When its status changed.';
comment on column pipeline.ssml_items.has_input is 'Whether there is something to say.';
comment on column pipeline.ssml_items.parent_failed is 'Whether the analysis failed.';

-- New feedback with something to say is ready for SSML.
create function pipeline.enqueue_ssml()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pipeline.enqueue(
    'ssml', array_agg(n.id order by n.id), array_agg(n.user_id order by n.id)
  )
  from new_rows as n where n.ssml_status = 'queued' and btrim(n.message) <> ''
  having count(*) > 0;
  return null;
end
$$;

create trigger analysis_feedback_100_enqueue_ssml
after insert on public.analysis_feedback
referencing new table as new_rows
for each statement execute function pipeline.enqueue_ssml();

-- Other words to speak: what was spoken goes, both stages begin anew, and a worker that still holds
-- a lease finds its token stale. Fires for changed words only, never for a status.
create function pipeline.restart_speech()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  delete from public.analysis_ssml_segments as s where s.feedback_id = new.id;
  perform pipeline.take_out(array['ssml', 'audio'], array[new.id]);
  perform pipeline.forget_answers(array['ssml', 'audio'], array[new.id]);
  if btrim(new.message) <> '' then
    perform pipeline.enqueue('ssml', array[new.id], array[new.user_id]);
  end if;
  new.ssml_status := 'queued';
  new.ssml_attempts := 0;
  new.ssml_error_code := null;
  new.ssml_last_error := null;
  new.ssml_updated_at := pipeline.now();
  new.audio_status := 'queued';
  new.audio_attempts := 0;
  new.audio_error_code := null;
  new.audio_last_error := null;
  new.audio_updated_at := pipeline.now();
  return new;
end
$$;

create trigger analysis_feedback_100_restart_speech
before update of message, drill on public.analysis_feedback
for each row when (new.message is distinct from old.message or new.drill is distinct from old.drill)
execute function pipeline.restart_speech();

create trigger analysis_feedback_900_drop_tasks
after delete on public.analysis_feedback
referencing old table as old_rows
for each statement execute function pipeline.drop_tasks('ssml', 'audio');

create function pipeline.claim_ssml(
  batch_size int default null, lease_seconds int default null, model text default null,
  busy boolean default false
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, alone boolean,
  refused text, correlation_id uuid, user_id uuid, analysis_job_id bigint, message text,
  drill text, language text, coach jsonb
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v pipeline.claim := pipeline.pick('ssml', batch_size, lease_seconds, model, busy);
begin
  if v.ids = '{}' then
    return;
  end if;
  return query
  with shown as materialized (
    update public.analysis_feedback as f
    set ssml_status = 'processing', ssml_attempts = v.attempts[array_position(v.ids, f.id)],
      ssml_updated_at = v.at
    where f.id = any (array(
      select h.id from public.analysis_feedback as h where h.id = any (v.ids)
      for no key update skip locked
    ))
    returning f.id, f.user_id, f.analysis_job_id, f.message, f.drill
  )
  select s.id, l.lease_token, l.attempt, v.lease_ends_at, l.alone, l.refused, j.correlation_id,
    s.user_id, s.analysis_job_id, s.message::text, s.drill::text,
    coalesce(j.language, r.language), j.coach
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

-- As hold(). To hand in one is the hot path, and needs no plan made for it.
create function pipeline.hold_feedback(ids bigint[])
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  if cardinality(ids) = 1 then
    perform from public.analysis_feedback as f where f.id = ids[1] for no key update;
    return '{}';
  end if;
  return pipeline.hold('ssml', ids);
end
$$;

-- Of what is done, what has a segment; the rest has nothing to say, and both its stages end.
create function pipeline.leave_silent(
  results jsonb, inout done bigint[], inout user_ids uuid[], inout rounds int[]
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v_sentence constant text := 'There is nothing in this remark that can be spoken.';
  v_silent bigint[] := array(
    select (r ->> 'id')::bigint from jsonb_array_elements(results) as r
    where jsonb_array_length(r -> 'segments') = 0 and (r ->> 'id')::bigint = any (done)
  );
begin
  with gone as (
    delete from public.analysis_ssml_segments as s where s.feedback_id = any (v_silent)
  )
  update public.analysis_feedback as f
  set ssml_status = 'completed', ssml_error_code = 'nothing_to_say', ssml_last_error = v_sentence,
    ssml_updated_at = v_now, audio_status = 'completed', audio_attempts = 0,
    audio_error_code = 'nothing_to_say', audio_last_error = v_sentence, audio_updated_at = v_now
  where f.id = any (v_silent);
  select coalesce(array_agg(d.id), '{}'), array_agg(d.user_id), array_agg(d.rounds)
  into done, user_ids, rounds
  from unnest(done, user_ids, rounds) as d (id, user_id, rounds)
  where d.id <> all (v_silent);
end
$$;

-- A worker hands in SSML: segments, status and the audio's task in one transaction. Without a
-- segment there is nothing to say: the feedback is done, silent, and says so.
create function pipeline.complete_ssml(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := pipeline.now();
  v record;
  f record;
  v_busy bigint[];
  v_done bigint[];
  v_arrival bigint;
begin
  v := pipeline.check_results(
    complete_ssml.results,
    row('provider, version (texts) and segments (a list) are needed', '
      $[*] ? (!(@.provider.type() == "string" && @.version.type() == "string"
        && @.segments.type() == "array"))'),
    row('a segment needs a whole segment_index from 0 and an ssml that is a speak element', '
      $[*] ? (exists(@.segments[*] ? (!(@.segment_index.type() == "number"
        && @.segment_index >= 0 && @.segment_index < 1000
        && @.segment_index.floor() == @.segment_index
        && @.ssml.type() == "string" && @.ssml like_regex "^\\s*<speak[\\s>]"))))')
  );
  v_busy := pipeline.hold_feedback(v.ids);
  f := pipeline.finish('ssml', v.ids, v.lease_tokens, v_busy, v_now, results);
  v_done := f.done;
  if complete_ssml.results @? '$[*] ? (@.segments.size() == 0)' then
    f := pipeline.leave_silent(complete_ssml.results, f.done, f.user_ids, f.rounds);
  end if;

  -- Before the status: a reader of one that is completed finds the segments, and the foreign key
  -- finds the feedback locked already.
  with gone as (
    delete from public.analysis_ssml_segments as s where s.feedback_id = any (f.done)
    returning s.id
  )
  insert into public.analysis_ssml_segments
    (feedback_id, segment_index, ssml, provider, version)
  select r.id, s.segment_index, s.ssml, r.provider, r.version
  from jsonb_to_recordset(complete_ssml.results)
    as r (id bigint, provider text, version text, segments jsonb)
  cross join jsonb_to_recordset(r.segments) as s (segment_index int, ssml text)
  where r.id = any (f.done) and (select count(*) from gone) >= 0;
  update public.analysis_feedback as r
  set ssml_status = 'completed', ssml_error_code = null, ssml_last_error = null,
    ssml_updated_at = v_now, audio_status = 'queued', audio_attempts = 0,
    audio_error_code = null, audio_last_error = null, audio_updated_at = v_now
  where r.id = any (f.done);
  v_arrival := pipeline.enqueue('audio', f.done, f.user_ids, f.rounds);
  return query select o.* from pipeline.outcomes(v.ids, v_done, v_busy) as o;
end
$$;

revoke all on sequence pipeline.ssml_served_turn from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.ssml_served_turn to service_role;
revoke all on table pipeline.ssml_items from public, anon, authenticated, service_role;
grant select, update on table pipeline.ssml_items to service_role;

revoke all on function
  pipeline.enqueue_ssml(),
  pipeline.restart_speech(),
  pipeline.claim_ssml(int, int, text, boolean),
  pipeline.hold_feedback(bigint[]),
  pipeline.leave_silent(jsonb, bigint[], uuid[], int[]),
  pipeline.complete_ssml(jsonb)
from public, anon, authenticated;
grant execute on function
  pipeline.claim_ssml(int, int, text, boolean),
  pipeline.hold_feedback(bigint[]),
  pipeline.leave_silent(jsonb, bigint[], uuid[], int[]),
  pipeline.complete_ssml(jsonb)
to service_role;

-- From a feedback to its SSML, and from SSML segments to their audio. Triggers only enqueue.

-- New feedback with something to say is ready for SSML. A before trigger, because it then costs
-- no second version of the row.
create function pipeline.enqueue_ssml()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if new.ssml_available_at is null and btrim(new.message) <> '' then
    new.ssml_available_at := pipeline.now();
    new.ssml_turn := pipeline.last_ssml_turn(new.user_id) + 1;
  end if;
  return new;
end
$$;

create trigger analysis_feedback_enqueue_ssml
before insert on public.analysis_feedback
for each row when (new.ssml_status = 'queued')
execute function pipeline.enqueue_ssml();

-- Other words to speak: what was spoken goes, both stages begin anew, and a worker that still holds
-- a lease finds its token stale. Fires for changed words only, never for a status.
create function pipeline.restart_speech()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  delete from public.analysis_ssml_segments as s where s.feedback_id = new.id;
  new.ssml_status := 'queued';
  new.ssml_attempts := 0;
  new.ssml_available_at := case when btrim(new.message) <> '' then pipeline.now() end;
  new.ssml_turn := case when btrim(new.message) <> '' then
    pipeline.last_ssml_turn(new.user_id) + 1
  end;
  new.ssml_lease_token := null;
  new.ssml_deferred_seconds := 0;
  new.ssml_error_code := null;
  new.ssml_last_error := null;
  new.ssml_updated_at := pipeline.now();
  new.audio_status := 'queued';
  new.audio_attempts := 0;
  new.audio_available_at := null;
  new.audio_turn := null;
  new.audio_lease_token := null;
  new.audio_deferred_seconds := 0;
  new.audio_error_code := null;
  new.audio_last_error := null;
  new.audio_updated_at := pipeline.now();
  perform nextval('pipeline.arrivals');
  return new;
end
$$;

create trigger analysis_feedback_restart_speech
before update of message, drill on public.analysis_feedback
for each row when (new.message is distinct from old.message or new.drill is distinct from old.drill)
execute function pipeline.restart_speech();

-- New SSML is ready to be spoken; audio of an earlier version, or under way, is void. Not called
-- for what complete_ssml() inserts, which queues the audio in the row's one new version. What is
-- queued as new already keeps its turn.
create function pipeline.enqueue_audio()
returns trigger
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_ids bigint[] := array(
    select f.id
    from (select distinct n.feedback_id from new_segments as n) as d
    cross join lateral (
      select r.* from public.analysis_feedback as r where r.id = d.feedback_id limit 1
    ) as f
    where (f.audio_status, f.audio_attempts, f.audio_deferred_seconds) <> ('queued', 0, 0)
      or f.audio_turn is null or f.audio_error_code is not null
    order by f.id
  );
  v_turns bigint[];
  v_slice bigint[];
begin
  if cardinality(v_ids) = 0 then
    return null;
  end if;
  v_turns := pipeline.next_audio_turns(v_ids);
  -- In slices, for finding each id's place takes a walk through the array.
  for v_from in 1 .. cardinality(v_ids) by 1000 loop
    v_slice := v_ids[v_from : v_from + 999];
    update public.analysis_feedback as f
    set
      audio_status = 'queued',
      audio_attempts = 0,
      audio_available_at = pipeline.now(),
      audio_turn = v_turns[v_from - 1 + array_position(v_slice, f.id)],
      audio_lease_token = null,
      audio_deferred_seconds = 0,
      audio_error_code = null,
      audio_last_error = null,
      audio_updated_at = pipeline.now()
    where f.id = any (v_slice);
  end loop;
  return null;
end
$$;

create trigger analysis_ssml_segments_enqueue_audio
after insert on public.analysis_ssml_segments
referencing new table as new_segments
for each statement
when (current_setting('pipeline.audio_is_queued', true) is distinct from 'yes')
execute function pipeline.enqueue_audio();

revoke all on function pipeline.enqueue_ssml() from public, anon, authenticated;
revoke all on function pipeline.restart_speech() from public, anon, authenticated;
revoke all on function pipeline.enqueue_audio() from public, anon, authenticated;

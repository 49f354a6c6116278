-- A maximum of attempts that is lowered holds for what is ready, too: such an item gives its turn
-- back, and the next sweep fails it.

create function pipeline.lower_max_attempts()
returns trigger
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
  new.max_attempts_lowered_at := pipeline.now();
  case new.stage
    when 'analysis' then
      update public.analysis_jobs as j set turn = null
      where j.status in ('queued', 'processing') and j.turn is not null
        and j.attempts >= new.max_attempts;
    when 'ssml' then
      update public.analysis_feedback as f set ssml_turn = null
      where f.ssml_status in ('queued', 'processing') and f.ssml_turn is not null
        and f.ssml_attempts >= new.max_attempts;
    else
      update public.analysis_feedback as f set audio_turn = null
      where f.audio_status in ('queued', 'processing') and f.audio_turn is not null
        and f.audio_attempts >= new.max_attempts;
  end case;
  return new;
end
$$;

create trigger stages_lower_max_attempts
before update of max_attempts on pipeline.stages
for each row when (new.max_attempts < old.max_attempts)
execute function pipeline.lower_max_attempts();

revoke all on function pipeline.lower_max_attempts() from public, anon, authenticated;

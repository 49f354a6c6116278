-- An owner says a remark in other words, and hears it anew: what was spoken goes, and both stages
-- of speech begin again (pipeline.restart_speech). So many edits a day, counted as claims are,
-- where nothing resets it: nobody buys speech without end.

create function public.edit_feedback(feedback_id bigint, message text, drill text default null)
returns text
-- Definer: owners may not write analysis_feedback. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_most constant int := 100;
  v_message text := btrim(edit_feedback.message);
  v_drill text := nullif(btrim(edit_feedback.drill), '');
  v_count int;
begin
  if not exists (
    select from public.analysis_feedback as f
    where f.id = edit_feedback.feedback_id and f.user_id = (select auth.uid())
  ) then
    raise exception 'feedback % not found', feedback_id using errcode = 'PT404';
  elsif (v_message <> '') is not true then
    raise exception 'a remark needs words' using errcode = 'SL005';
  elsif greatest(length(v_message), length(v_drill)) > 2000 then
    raise exception 'a remark has at most 2000 characters' using errcode = 'SL005';
  end if;
  update public.analysis_feedback as f set message = v_message, drill = v_drill
  where f.id = edit_feedback.feedback_id
    and (f.message is distinct from v_message or f.drill is distinct from v_drill);
  if not found then
    return 'unchanged';
  end if;
  insert into pipeline.usage as u (user_id, stage, day, attempts)
  values ((select auth.uid()), 'edit', (pipeline.now() at time zone 'UTC')::date, 1)
  on conflict on constraint usage_pkey do update set attempts = u.attempts + 1
  returning u.attempts into v_count;
  if v_count > v_most then
    raise exception 'at most % remarks may be edited a day', v_most
      using errcode = 'PT429', hint = 'Go on after 00:00 UTC.';
  end if;
  return 'queued';
end
$$;

comment on function public.edit_feedback(bigint, text, text) is
  'Gives the caller''s remark other words, and has them spoken: queued, or unchanged. '
  'Errors: PT404 not found, SL005 no words or too many, PT429 edited too often today.';

revoke all on function public.edit_feedback(bigint, text, text)
from public, anon, authenticated, service_role;
grant execute on function public.edit_feedback(bigint, text, text) to authenticated;

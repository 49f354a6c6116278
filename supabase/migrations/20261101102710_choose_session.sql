-- An owner chooses the session of a recording after the upload, too, until its analysis begins:
-- what is under way follows the brief that it was claimed with.

create function pipeline.check_chosen_session()
returns trigger
-- Definer: owners may not lock analysis_jobs.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_status text;
begin
  -- Whoever claims it is waited for; whoever would claim it now skips it.
  select j.status into v_status from public.analysis_jobs as j
  where j.video_recording_id = new.id
  for no key update;
  if v_status not in ('queued', 'failed') then
    raise exception 'the analysis of recording % is % already', new.id, v_status
      using errcode = 'PT409', hint = 'Upload the video anew to have it follow another session.';
  end if;
  return new;
end
$$;

create trigger video_recordings_200_check_chosen_session
before update of session_id on public.video_recordings
for each row
when (new.session_id is not null and new.session_id is distinct from old.session_id)
execute function pipeline.check_chosen_session();

revoke all on function pipeline.check_chosen_session() from public, anon, authenticated;
grant update (session_id) on table public.video_recordings to authenticated;

-- What owners call to have something of theirs deleted, and what they are told of it. A recording
-- is deleted as a row (`delete` on video_recordings); an account by Auth.

-- Told instead of the DELETE, which Realtime would send to everybody. Kept for a day.
create table public.deleted_recordings (
  id bigint primary key,
  -- No foreign key: whoever deletes a recording would wait for an account that is being closed,
  -- which waits for the recording.
  user_id uuid not null,
  deleted_at timestamptz not null default pipeline.now()
);

comment on table public.deleted_recordings is
  'Recordings that their owners deleted in the last day, for those who watch them.';
comment on column public.deleted_recordings.id is 'The recording.';
comment on column public.deleted_recordings.user_id is 'Its owner.';
comment on column public.deleted_recordings.deleted_at is 'When it was deleted.';

create index deleted_recordings_user_id_idx on public.deleted_recordings (user_id);
create index deleted_recordings_deleted_at_idx on public.deleted_recordings (deleted_at);

-- With an account nobody is left who watches.
create function pipeline.tell_of_deleted_recordings()
returns trigger
-- Definer: owners delete their recordings, and write nothing else.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.deleted_recordings (id, user_id)
  select o.id, o.user_id from old_rows as o
  where exists (select from auth.users as u where u.id = o.user_id)
  on conflict on constraint deleted_recordings_pkey do nothing;
  return null;
end
$$;

create trigger video_recordings_300_tell_of_deleted
after delete on public.video_recordings
referencing old table as old_rows
for each statement execute function pipeline.tell_of_deleted_recordings();

-- The owner's own, once it is spoken: its sound and captions are erased, and the remark stays
-- silent and says why. The Data API turns SQLSTATE PT404 into HTTP 404.
create function public.delete_audio(feedback_id bigint)
returns text
-- Definer: owners may not write feedback; it is looked up as the caller's.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_status text;
begin
  select f.audio_status into v_status from public.analysis_feedback as f
  where f.id = delete_audio.feedback_id and f.user_id = (select auth.uid())
  for no key update;
  if not found then
    raise exception 'there is no feedback %', feedback_id using errcode = 'PT404';
  elsif v_status <> 'completed' then
    raise exception 'feedback % has not been spoken', feedback_id using errcode = 'SL001';
  end if;
  delete from public.analysis_audio_segments as s where s.feedback_id = delete_audio.feedback_id;
  update public.analysis_feedback as f
  set audio_error_code = 'audio_deleted', audio_last_error = 'Its owner deleted this audio.',
    audio_updated_at = pipeline.now()
  where f.id = delete_audio.feedback_id;
  return 'deleted';
end
$$;

-- What is still to be erased of the caller's: objects, since when, and how many need an operator.
create function public.erasures_left()
returns table (objects bigint, failed bigint, since timestamptz)
-- Definer: users may not use schema pipeline; the caller's own are counted.
language sql stable security definer set search_path = ''
as $$
  select count(*), count(*) filter (where e.status = 'failed'), min(e.asked_at)
  from pipeline.erasures as e
  where e.user_id = (select auth.uid()) and e.status <> 'completed'
$$;

alter table public.deleted_recordings enable row level security;

create policy "owners read of their deleted recordings" on public.deleted_recordings
for select to authenticated using (user_id = (select auth.uid()));
create policy "nobody reads of deleted recordings without signing in" on public.deleted_recordings
for select to anon using (false);

revoke all on table public.deleted_recordings from public, anon, authenticated, service_role;
grant select on table public.deleted_recordings to authenticated;
grant select, insert, delete on table public.deleted_recordings to service_role;
-- Anon: so that Realtime asks the policies instead of telling an error, as in realtime.sql.
grant select (id) on table public.deleted_recordings to anon;

revoke all on function
  pipeline.tell_of_deleted_recordings(),
  public.delete_audio(bigint),
  public.erasures_left()
from public, anon, authenticated, service_role;
grant execute on function public.delete_audio(bigint), public.erasures_left() to authenticated;

alter publication supabase_realtime add table public.deleted_recordings;

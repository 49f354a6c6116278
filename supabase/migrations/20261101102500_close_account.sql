-- How owners leave without an operator: their account is deleted, and with it all that they own.
-- Rows go at once by their foreign keys, files by stage `erase`, as where Auth deletes an account.

create function public.delete_account()
returns void
-- Definer: users may not delete users. It deletes the caller's own account alone.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from auth.users as u where u.id = (select auth.uid());
  if not found then
    raise exception 'there is no such account' using errcode = 'PT404';
  end if;
  -- Where a row named one of them they are asked for already.
  perform pipeline.erase_folders(array[auth.uid()]);
end
$$;

comment on function public.delete_account() is
  'Deletes the caller''s account with everything that came of it; its files are erased within '
  'moments. Errors: PT404 it is gone already.';

-- A token outlives its account by up to an hour. Before-insert trigger of what owners add, so that
-- they read a sentence, and not that of a foreign key.
create function pipeline.require_account()
returns trigger
-- Definer: users may not read the users of Auth.
language plpgsql stable security definer set search_path = ''
as $$
begin
  if auth.uid() is not null
    and not exists (select from auth.users as u where u.id = auth.uid()) then
    raise exception 'this account has been deleted' using errcode = 'PT401';
  end if;
  return null;
end
$$;

create trigger video_recordings_010_require_account before insert on public.video_recordings
for each statement execute function pipeline.require_account();
create trigger voice_preferences_010_require_account before insert on public.voice_preferences
for each statement execute function pipeline.require_account();
create trigger render_jobs_010_require_account before insert on public.render_jobs
for each statement execute function pipeline.require_account();
create trigger sessions_010_require_account before insert on public.sessions
for each statement execute function pipeline.require_account();
create trigger contacts_010_require_account before insert on public.contacts
for each statement execute function pipeline.require_account();

revoke all on function public.delete_account(), pipeline.require_account()
from public, anon, authenticated, service_role;
grant execute on function public.delete_account() to authenticated;

-- Three private buckets: `raw` for uploaded videos, `processed` for spoken feedback and rendered
-- videos, `assets` for the pictures and sounds that users put into renders. In each the first
-- folder of an object's name is its owner's id. Workers use the service role, which needs no
-- policy; nobody else writes to `processed`. Owners may delete what is theirs in each.

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values
  (
    'raw', 'raw', false, 524288000,
    array['video/mp4', 'video/quicktime', 'video/webm', 'video/3gpp']
  ),
  (
    'processed', 'processed', false, 524288000,
    array['audio/wav', 'audio/mpeg', 'audio/ogg', 'text/vtt', 'video/mp4', 'video/webm']
  ),
  (
    'assets', 'assets', false, 20971520,
    array['image/png', 'image/jpeg', 'image/webp', 'audio/wav', 'audio/mpeg', 'audio/ogg']
  )
on conflict (id) do update
set
  public = excluded.public,
  file_size_limit = excluded.file_size_limit,
  allowed_mime_types = excluded.allowed_mime_types;

-- Whether the caller's account is still there: a token stays valid for its hour after it is gone.
create function public.has_account()
returns boolean
-- Definer: callers may not read the users of Auth.
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from auth.users as u where u.id = auth.uid() and u.deleted_at is null
  )
$$;

create policy "owners read their videos, audio and assets" on storage.objects
for select to authenticated using (
  bucket_id in ('raw', 'processed', 'assets')
  and (storage.foldername(name))[1] = (select auth.uid())::text
  and (select public.has_account())
);

create policy "owners upload their videos and assets" on storage.objects
for insert to authenticated with check (
  bucket_id in ('raw', 'assets')
  and (storage.foldername(name))[1] = (select auth.uid())::text
  and (select public.has_account())
);

create policy "owners replace their videos and assets" on storage.objects
for update to authenticated
using (
  bucket_id in ('raw', 'assets')
  and (storage.foldername(name))[1] = (select auth.uid())::text
  and (select public.has_account())
)
with check (
  bucket_id in ('raw', 'assets')
  and (storage.foldername(name))[1] = (select auth.uid())::text
  and (select public.has_account())
);

create policy "owners delete their videos, audio and assets" on storage.objects
for delete to authenticated using (
  bucket_id in ('raw', 'processed', 'assets')
  and (storage.foldername(name))[1] = (select auth.uid())::text
);

revoke all on function public.has_account() from public, anon, authenticated, service_role;
grant execute on function public.has_account() to authenticated;

-- Three private buckets: `raw` for uploaded videos, `processed` for spoken feedback and rendered
-- videos, `assets` for the pictures and sounds that users put into renders. In each the first
-- folder of an object's name is its owner's id. Workers use the service role, which needs no
-- policy; nobody else writes to `processed`.

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

create policy "owners read their videos, audio and assets" on storage.objects
for select to authenticated using (
  bucket_id in ('raw', 'processed', 'assets')
  and (storage.foldername(name))[1] = (select auth.uid())::text
);

create policy "owners upload their videos and assets" on storage.objects
for insert to authenticated with check (
  bucket_id in ('raw', 'assets') and (storage.foldername(name))[1] = (select auth.uid())::text
);

create policy "owners replace their videos and assets" on storage.objects
for update to authenticated
using (bucket_id in ('raw', 'assets') and (storage.foldername(name))[1] = (select auth.uid())::text)
with check (
  bucket_id in ('raw', 'assets') and (storage.foldername(name))[1] = (select auth.uid())::text
);

create policy "owners delete their videos and assets" on storage.objects
for delete to authenticated using (
  bucket_id in ('raw', 'assets') and (storage.foldername(name))[1] = (select auth.uid())::text
);

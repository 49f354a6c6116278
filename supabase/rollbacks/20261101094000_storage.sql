-- Undoes 20261101094000_storage.sql.
-- The buckets stay: they may hold files, and only the Storage API may delete those.

drop policy "owners delete their videos, audio and assets" on storage.objects;
drop policy "owners replace their videos and assets" on storage.objects;
drop policy "owners upload their videos and assets" on storage.objects;
drop policy "owners read their videos, audio and assets" on storage.objects;
drop function public.has_account();

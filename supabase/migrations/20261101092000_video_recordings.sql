-- Uploaded videos. A row may come before its bytes; upload_status tells how far the upload is.
-- Users write these rows themselves, so every rule about them is a constraint or a policy.

create table public.video_recordings (
  id bigint generated always as identity primary key,
  user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  filename text not null,
  original_filename text,
  storage_path text not null,
  mime_type text,
  file_size bigint,
  duration_seconds numeric,
  language text not null default 'en-US',
  session_id bigint,
  upload_status text not null default 'pending',
  error_code text,
  last_error text,
  created_at timestamptz not null default pipeline.now(),
  updated_at timestamptz not null default pipeline.now(),
  constraint video_recordings_storage_path_key unique (storage_path),
  constraint storage_path_is_in_the_owners_folder
    check (starts_with(storage_path, user_id::text || '/')),
  -- Workers fetch the object as service_role by a URL, where '..' would lead anywhere.
  constraint storage_path_has_plain_segments check (storage_path !~ '(^|/)[.]{0,2}(/|$)'),
  -- What Storage takes as a key, but for '?', at which its clients cut a name that they upload.
  constraint storage_path_has_only_characters_that_storage_takes
    check (storage_path ~ '^[A-Za-z0-9_/!.*''() &$@=;:+,-]+$'),
  constraint filename_is_not_blank_and_short
    check (btrim(filename) <> '' and length(filename) <= 255),
  constraint original_filename_is_short check (length(original_filename) <= 255),
  constraint storage_path_is_short check (length(storage_path) <= 1024),
  constraint mime_type_is_short check (length(mime_type) <= 255),
  constraint mime_type_is_printable check (mime_type ~ '^[ -~]*$'),
  constraint file_size_is_not_negative check (file_size >= 0),
  constraint duration_is_not_negative check (duration_seconds >= 0),
  constraint duration_is_at_most_a_week check (duration_seconds <= 604800),
  constraint language_is_a_tag check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  constraint language_is_short check (length(language) <= 35),
  constraint upload_status_is_known
    check (upload_status in ('pending', 'uploading', 'completed', 'failed')),
  constraint error_code_is_one_of_an_upload check (error_code in (
    'upload_failed', 'file_too_large', 'mime_type_not_allowed',
    'upload_abandoned', 'video_empty', 'video_unreadable', 'video_too_long'
  )),
  constraint last_error_is_short check (length(last_error) <= 2000)
);

comment on table public.video_recordings is 'Videos that users upload to be analysed.';
comment on column public.video_recordings.id is 'Identity.';
comment on column public.video_recordings.user_id is 'Owner.';
comment on column public.video_recordings.filename is 'Name shown to the user.';
comment on column public.video_recordings.original_filename is 'Name on the user''s device.';
comment on column public.video_recordings.storage_path is
  'Object name in bucket raw; its first folder is the owner''s id.';
comment on column public.video_recordings.mime_type is 'Media type of the file.';
comment on column public.video_recordings.file_size is 'Bytes.';
comment on column public.video_recordings.duration_seconds is
  'Length; measured by the analysis, before that the client''s word.';
comment on column public.video_recordings.language is 'Language of the feedback, as BCP 47 tag.';
comment on column public.video_recordings.session_id is
  'Session of the owner whose brief the analysis follows.';
comment on column public.video_recordings.upload_status is
  'pending, uploading, completed or failed; completed queues the analysis.';
comment on column public.video_recordings.error_code is 'Why the upload failed, as stable code.';
comment on column public.video_recordings.last_error is 'Why the upload failed, as a sentence.';
comment on column public.video_recordings.created_at is 'When the row was made.';
comment on column public.video_recordings.updated_at is 'When the row last changed.';

create index video_recordings_user_id_created_at_idx
on public.video_recordings (user_id, created_at desc);

-- For pipeline.recognise_replacements(), which looks at what was uploaded in the last week.
create index video_recordings_created_at_idx on public.video_recordings (created_at);

create trigger video_recordings_touch_updated_at
before update on public.video_recordings
for each row execute function pipeline.touch_updated_at();

alter table public.video_recordings enable row level security;

create policy "owners read their recordings" on public.video_recordings
for select to authenticated using (user_id = (select auth.uid()));

create policy "owners add their recordings" on public.video_recordings
for insert to authenticated with check (user_id = (select auth.uid()));

create policy "owners update their recordings" on public.video_recordings
for update to authenticated
using (user_id = (select auth.uid()))
with check (user_id = (select auth.uid()));

create policy "owners delete their recordings" on public.video_recordings
for delete to authenticated using (user_id = (select auth.uid()));

revoke all on table public.video_recordings from public, anon, authenticated, service_role;
revoke all on sequence public.video_recordings_id_seq
from public, anon, authenticated, service_role;
grant select, delete on table public.video_recordings to authenticated;
grant insert (
  user_id, filename, original_filename, storage_path, mime_type, file_size, duration_seconds,
  language, session_id, upload_status, error_code, last_error
) on table public.video_recordings to authenticated;
grant update (filename, duration_seconds, language, upload_status, error_code, last_error)
on table public.video_recordings to authenticated;
grant select, insert, update, delete on table public.video_recordings to service_role;

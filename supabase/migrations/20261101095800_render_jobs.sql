-- Renders: jobs that make one video file, of a recording with its spoken feedback (a coached
-- video) or of elements that their owner puts together. Users read them; only functions write them.
-- A render begins to wait for a worker when it is submitted.

create domain public.render_status as text
constraint status_is_known
  check (value in ('queued', 'processing', 'completed', 'failed', 'cancelled'));

create domain public.render_step as text
constraint step_is_known check (value in (
  'validation', 'download', 'processing', 'composition', 'encoding', 'upload', 'cleanup'
));

comment on domain public.render_status is
  'How far a render is. One that took too long has failed, with code out_of_time.';
comment on domain public.render_step is 'What a render''s worker is at.';

create table public.render_jobs (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  video_recording_id bigint references public.video_recordings (id) on delete cascade,
  format text not null,
  width int not null,
  height int not null,
  fps int not null,
  response_type text not null default 'async',
  options jsonb not null default '{}',
  submitted_at timestamptz,
  status public.render_status not null default 'queued',
  attempts int not null default 0,
  error_code text,
  last_error text,
  started_at timestamptz,
  progress_percent int not null default 0,
  step public.render_step,
  progress_at timestamptz,
  output_path text,
  output_bytes bigint,
  output_frames int,
  output_checksum text,
  duration_seconds numeric,
  correlation_id uuid not null default gen_random_uuid(),
  created_at timestamptz not null default pipeline.now(),
  updated_at timestamptz not null default pipeline.now(),
  constraint format_is_mp4_or_webm check (format in ('mp4', 'webm')),
  constraint width_is_between_16_and_3840 check (width between 16 and 3840),
  constraint height_is_between_16_and_3840 check (height between 16 and 3840),
  constraint frame_has_at_most_the_pixels_of_4k check (width::bigint * height <= 3840 * 2160),
  -- Video encoders halve the colours' resolution.
  constraint size_is_even check (width % 2 = 0 and height % 2 = 0),
  constraint fps_is_between_1_and_60 check (fps between 1 and 60),
  constraint response_type_is_known check (response_type in ('immediate', 'async')),
  constraint options_are_a_small_object
    check (jsonb_typeof(options) = 'object' and pg_column_size(options) <= 2048),
  constraint attempts_are_not_negative check (attempts >= 0),
  constraint progress_is_a_percentage check (progress_percent between 0 and 100),
  constraint a_failed_render_says_why check (status <> 'failed' or error_code is not null),
  constraint a_completed_render_has_a_file
    check (status <> 'completed' or (output_path is not null and output_bytes is not null)),
  constraint output_path_is_in_the_owners_folder
    check (starts_with(output_path, user_id::text || '/')),
  constraint output_has_bytes_frames_and_time
    check (output_bytes > 0 and output_frames > 0 and duration_seconds > 0)
)
with (fillfactor = 70);

comment on table public.render_jobs is 'Renders: each makes one video file.';
comment on column public.render_jobs.id is 'Identity.';
comment on column public.render_jobs.user_id is 'Owner.';
comment on column public.render_jobs.video_recording_id is
  'The recording of a coached video; null for a composition of the owner''s own.';
comment on column public.render_jobs.format is 'mp4 or webm.';
comment on column public.render_jobs.width is 'Pixels of the frame; see options.shape.';
comment on column public.render_jobs.height is 'Pixels of the frame; see options.shape.';
comment on column public.render_jobs.fps is 'Frames per second.';
comment on column public.render_jobs.response_type is
  'immediate: whoever asked waits for the file for a while; async: not at all.';
comment on column public.render_jobs.options is
  'background (#rrggbb), duration_seconds (where the composition ends); of a coached video: mode '
  '(freeze, duck), captions, size (pixels of the short side), and shape (landscape, portrait, '
  'square, or source: the worker gives the frame the clip''s own aspect).';
comment on column public.render_jobs.submitted_at is
  'When its owner had it started; before that it may be given elements.';
comment on column public.render_jobs.status is
  'queued, processing, completed, failed or cancelled.';
comment on column public.render_jobs.attempts is
  'Claims so far, but for those that a lost worker wasted.';
comment on column public.render_jobs.error_code is 'Last error, as stable snake_case code.';
comment on column public.render_jobs.last_error is 'Last error, as a sentence.';
comment on column public.render_jobs.started_at is 'When a worker last took it.';
comment on column public.render_jobs.progress_percent is 'How much of the attempt is done.';
comment on column public.render_jobs.step is 'What its worker is at.';
comment on column public.render_jobs.progress_at is 'When its worker last told of it.';
comment on column public.render_jobs.output_path is
  'Object name of the file in bucket processed; its first folder is the owner''s id. Its worker '
  'names it before it stores it: it is whole once the status is completed.';
comment on column public.render_jobs.output_bytes is 'Bytes of the file.';
comment on column public.render_jobs.output_frames is 'Frames of the file.';
comment on column public.render_jobs.output_checksum is 'SHA-256 of the file, in hexadecimal.';
comment on column public.render_jobs.duration_seconds is 'Length of the file, as measured.';
comment on column public.render_jobs.correlation_id is 'Ties the log lines of its attempts.';
comment on column public.render_jobs.created_at is 'When it was made.';
comment on column public.render_jobs.updated_at is 'When its status last changed.';

create index render_jobs_user_id_created_at_idx
on public.render_jobs (user_id, created_at desc);

create index render_jobs_video_recording_id_idx on public.render_jobs (video_recording_id);

alter table public.render_jobs enable row level security;

create policy "owners read their renders" on public.render_jobs
for select to authenticated using (user_id = (select auth.uid()));

create policy "owners delete their renders" on public.render_jobs
for delete to authenticated using (user_id = (select auth.uid()));

revoke all on table public.render_jobs from public, anon, authenticated, service_role;
revoke all on sequence public.render_jobs_id_seq
from public, anon, authenticated, service_role;
grant select, delete on table public.render_jobs to authenticated;
grant select, insert, update, delete on table public.render_jobs to service_role;

-- So that Realtime asks the policies about anonymous subscribers: see realtime.sql.
create policy "nobody reads renders without signing in" on public.render_jobs
for select to anon using (false);
-- Anon: their keys alone, of which the policy shows none.
grant select (id) on table public.render_jobs to anon;

alter publication supabase_realtime add table public.render_jobs;

-- One analysis per recording, and the numbers it measured. Users read them; only the functions of
-- schema pipeline write them. Its place in the queue is a row of pipeline.tasks.

create table public.analysis_jobs (
  id bigint generated always as identity primary key,
  video_recording_id bigint not null
    references public.video_recordings (id) on delete cascade,
  -- No foreign key: a copy of the recording's owner, gone with the recording. With one, closing an
  -- account and handing in its analysis would wait for each other.
  user_id uuid not null,
  status public.stage_status not null default 'queued',
  attempts int not null default 0,
  error_code text,
  last_error text,
  title public.title,
  summary public.summary,
  confidence numeric,
  note public.note,
  language text,
  model public.plain_name,
  prompt_version text,
  video_version text,
  coach jsonb not null,
  session_id bigint,
  session_revision int,
  brief jsonb,
  correlation_id uuid not null default gen_random_uuid(),
  created_at timestamptz not null default pipeline.now(),
  updated_at timestamptz not null default pipeline.now(),
  -- The enqueue trigger's `on conflict (video_recording_id)` needs exactly this constraint.
  constraint analysis_jobs_video_recording_id_key unique (video_recording_id),
  constraint attempts_are_not_negative check (attempts >= 0),
  constraint a_failed_job_says_why check (status <> 'failed' or error_code is not null),
  constraint confidence_is_a_share check (confidence between 0 and 1),
  constraint language_is_a_tag check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$'),
  constraint a_brief_is_of_a_revision check ((brief is null) = (session_revision is null))
)
with (
  fillfactor = 85,
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 200
);

comment on table public.analysis_jobs is 'The analysis of a recording: one per recording.';
comment on column public.analysis_jobs.id is 'Identity.';
comment on column public.analysis_jobs.video_recording_id is 'The recording; unique.';
comment on column public.analysis_jobs.user_id is 'Owner of the recording.';
comment on column public.analysis_jobs.status is 'queued, processing, completed or failed.';
comment on column public.analysis_jobs.attempts is
  'Claims so far, but for those that a provider or a lost worker wasted.';
comment on column public.analysis_jobs.error_code is 'Last error, as stable snake_case code.';
comment on column public.analysis_jobs.last_error is 'Last error, as a sentence.';
comment on column public.analysis_jobs.title is 'What the clip shows, in a few words.';
comment on column public.analysis_jobs.summary is 'The analysis in a paragraph.';
comment on column public.analysis_jobs.confidence is 'The model''s own trust in it, 0 to 1.';
comment on column public.analysis_jobs.note is
  'What the answer lacks of what was asked for, as a sentence; null where nothing is.';
comment on column public.analysis_jobs.language is
  'Language that the answer is written in, as BCP 47 tag; null where the model did not say.';
comment on column public.analysis_jobs.model is 'Model and version that answered.';
comment on column public.analysis_jobs.prompt_version is 'Version of the instructions it had.';
comment on column public.analysis_jobs.video_version is
  'Version of the stored video that was analysed; another one is analysed anew.';
comment on column public.analysis_jobs.coach is
  'Voice chosen when queued: voice_name, language_code, speaking_rate, pitch, style.';
-- No foreign key: it stays as it was when the session is gone.
comment on column public.analysis_jobs.session_id is 'The session whose brief it followed.';
comment on column public.analysis_jobs.session_revision is 'Which revision of it.';
comment on column public.analysis_jobs.brief is 'The brief of that revision, as it was claimed.';
comment on column public.analysis_jobs.correlation_id is 'Ties the log lines of all stages.';
comment on column public.analysis_jobs.created_at is 'When first queued.';
comment on column public.analysis_jobs.updated_at is 'When its status last changed.';

create index analysis_jobs_user_id_created_at_idx
on public.analysis_jobs (user_id, created_at desc);

create table public.analysis_metrics (
  id bigint generated always as identity primary key,
  analysis_job_id bigint not null references public.analysis_jobs (id) on delete cascade,
  metric_key text not null,
  metric_value numeric not null,
  unit public.unit,
  created_at timestamptz not null default pipeline.now(),
  constraint analysis_metrics_analysis_job_id_metric_key_key unique (analysis_job_id, metric_key),
  constraint metric_key_is_snake_case check (metric_key ~ '^[a-z][a-z0-9_]{0,39}$')
);

comment on table public.analysis_metrics is
  'Numbers measured in the video; what nobody measured has no row.';
comment on column public.analysis_metrics.id is 'Identity.';
comment on column public.analysis_metrics.analysis_job_id is 'The analysis that measured it.';
comment on column public.analysis_metrics.metric_key is 'What was measured; once per analysis.';
comment on column public.analysis_metrics.metric_value is 'The number.';
comment on column public.analysis_metrics.unit is 'Its unit, where it has one.';
comment on column public.analysis_metrics.created_at is 'When it was recorded.';

alter table public.analysis_jobs enable row level security;
alter table public.analysis_metrics enable row level security;

create policy "owners read their analysis" on public.analysis_jobs
for select to authenticated using (user_id = (select auth.uid()));

create policy "owners read their metrics" on public.analysis_metrics
for select to authenticated using (
  exists (
    select 1 from public.analysis_jobs as j
    where j.id = analysis_job_id and j.user_id = (select auth.uid())
  )
);

revoke all on table public.analysis_jobs, public.analysis_metrics
from public, anon, authenticated, service_role;
revoke all on sequence public.analysis_jobs_id_seq, public.analysis_metrics_id_seq
from public, anon, authenticated, service_role;
grant select on table public.analysis_jobs, public.analysis_metrics to authenticated;
grant select, insert, update, delete
on table public.analysis_jobs, public.analysis_metrics to service_role;

-- Timed remarks of an analysis, and how far their speech is: what a user sees of the stages `ssml`
-- and `audio` stands in the columns of analysis_jobs, with the stage's name in front.

create table public.analysis_feedback (
  id bigint generated always as identity primary key,
  analysis_job_id bigint not null references public.analysis_jobs (id) on delete cascade,
  -- No foreign key, as in analysis_jobs: a copy of the recording's owner.
  user_id uuid not null,
  start_seconds numeric not null,
  end_seconds numeric not null,
  category public.category not null,
  severity public.severity not null,
  confidence numeric not null,
  message public.remark not null,
  drill public.remark,
  rule_id public.category,
  ssml_status public.stage_status not null default 'queued',
  ssml_attempts int not null default 0,
  ssml_error_code text,
  ssml_last_error text,
  ssml_updated_at timestamptz not null default pipeline.now(),
  audio_status public.stage_status not null default 'queued',
  audio_attempts int not null default 0,
  audio_error_code text,
  audio_last_error text,
  audio_updated_at timestamptz not null default pipeline.now(),
  created_at timestamptz not null default pipeline.now(),
  constraint time_range_is_in_order check (0 <= start_seconds and start_seconds <= end_seconds),
  constraint confidence_is_a_share check (confidence between 0 and 1),
  constraint failed_ssml_says_why check (ssml_status <> 'failed' or ssml_error_code is not null),
  constraint failed_audio_says_why
    check (audio_status <> 'failed' or audio_error_code is not null)
)
with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 200
);

comment on table public.analysis_feedback is 'Remarks on a recording, each on a range of time.';
comment on column public.analysis_feedback.id is 'Identity.';
comment on column public.analysis_feedback.analysis_job_id is 'The analysis that made it.';
comment on column public.analysis_feedback.user_id is 'Owner of the recording.';
comment on column public.analysis_feedback.start_seconds is 'Start in the video.';
comment on column public.analysis_feedback.end_seconds is 'End in the video.';
comment on column public.analysis_feedback.category is 'What it is about, in snake_case.';
comment on column public.analysis_feedback.severity is 'low, medium or high.';
comment on column public.analysis_feedback.confidence is 'The model''s own trust in it, 0 to 1.';
comment on column public.analysis_feedback.message is
  'What to say. A change deletes what was spoken and queues it anew.';
comment on column public.analysis_feedback.drill is 'What to practise, if anything; also spoken.';
comment on column public.analysis_feedback.rule_id is
  'Rule of the job''s brief that it comes from, if any.';
comment on column public.analysis_feedback.ssml_status is
  'queued, processing, completed or failed.';
comment on column public.analysis_feedback.ssml_attempts is
  'Claims so far, but for those that a provider or a lost worker wasted.';
comment on column public.analysis_feedback.ssml_error_code is 'Last error, as stable code.';
comment on column public.analysis_feedback.ssml_last_error is 'Last error, as a sentence.';
comment on column public.analysis_feedback.ssml_updated_at is 'When the SSML''s status changed.';
comment on column public.analysis_feedback.audio_status is
  'queued, processing, completed or failed.';
comment on column public.analysis_feedback.audio_attempts is
  'Claims so far, but for those that a provider or a lost worker wasted.';
comment on column public.analysis_feedback.audio_error_code is 'Last error, as stable code.';
comment on column public.analysis_feedback.audio_last_error is 'Last error, as a sentence.';
comment on column public.analysis_feedback.audio_updated_at is 'When the audio''s status changed.';
comment on column public.analysis_feedback.created_at is 'When it was made.';

create index analysis_feedback_analysis_job_id_start_seconds_idx
on public.analysis_feedback (analysis_job_id, start_seconds);

create index analysis_feedback_user_id_idx on public.analysis_feedback (user_id);

alter table public.analysis_feedback enable row level security;

create policy "owners read their feedback" on public.analysis_feedback
for select to authenticated using (user_id = (select auth.uid()));

revoke all on table public.analysis_feedback from public, anon, authenticated, service_role;
revoke all on sequence public.analysis_feedback_id_seq
from public, anon, authenticated, service_role;
grant select on table public.analysis_feedback to authenticated;
grant select, insert, update, delete on table public.analysis_feedback to service_role;

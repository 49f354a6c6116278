-- Timed remarks of an analysis. Each is also its own place in the queues of `ssml` and `audio`:
-- the columns of a stage are those of analysis_jobs, with the stage's name in front.

create table public.analysis_feedback (
  id bigint generated always as identity primary key,
  analysis_job_id bigint not null references public.analysis_jobs (id) on delete cascade,
  -- No foreign key, as in analysis_jobs: a copy of the recording's owner.
  user_id uuid not null,
  start_seconds numeric not null,
  end_seconds numeric not null,
  category text not null,
  severity text not null,
  confidence numeric not null,
  message text not null,
  drill text,
  ssml_status text not null default 'queued',
  ssml_attempts int not null default 0,
  ssml_available_at timestamptz,
  ssml_turn bigint,
  ssml_lease_token uuid,
  ssml_deferred_seconds numeric not null default 0,
  ssml_error_code text,
  ssml_last_error text,
  ssml_updated_at timestamptz not null default pipeline.now(),
  audio_status text not null default 'queued',
  audio_attempts int not null default 0,
  audio_available_at timestamptz,
  audio_turn bigint,
  audio_lease_token uuid,
  audio_deferred_seconds numeric not null default 0,
  audio_error_code text,
  audio_last_error text,
  audio_updated_at timestamptz not null default pipeline.now(),
  created_at timestamptz not null default pipeline.now(),
  constraint time_range_is_in_order check (0 <= start_seconds and start_seconds <= end_seconds),
  constraint category_is_snake_case check (category ~ '^[a-z][a-z0-9_]{0,39}$'),
  constraint severity_is_known check (severity in ('low', 'medium', 'high')),
  constraint confidence_is_a_share check (confidence between 0 and 1),
  constraint message_is_short check (length(message) <= 2000),
  constraint drill_is_short check (length(drill) <= 2000),
  constraint ssml_status_is_known
    check (ssml_status in ('queued', 'processing', 'completed', 'failed')),
  constraint ssml_attempts_are_not_negative check (ssml_attempts >= 0),
  constraint ssml_deferred_is_not_negative check (ssml_deferred_seconds >= 0),
  constraint only_processing_ssml_has_a_lease
    check ((ssml_status = 'processing') = (ssml_lease_token is not null)),
  constraint an_ssml_lease_ends
    check (ssml_status <> 'processing' or ssml_available_at is not null),
  constraint finished_ssml_waits_for_nothing
    check (ssml_status in ('queued', 'processing') or ssml_available_at is null),
  constraint failed_ssml_says_why check (ssml_status <> 'failed' or ssml_error_code is not null),
  constraint audio_status_is_known
    check (audio_status in ('queued', 'processing', 'completed', 'failed')),
  constraint audio_attempts_are_not_negative check (audio_attempts >= 0),
  constraint audio_deferred_is_not_negative check (audio_deferred_seconds >= 0),
  constraint only_processing_audio_has_a_lease
    check ((audio_status = 'processing') = (audio_lease_token is not null)),
  constraint an_audio_lease_ends
    check (audio_status <> 'processing' or audio_available_at is not null),
  constraint finished_audio_waits_for_nothing
    check (audio_status in ('queued', 'processing') or audio_available_at is null),
  constraint failed_audio_says_why
    check (audio_status <> 'failed' or audio_error_code is not null)
)
with (
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
comment on column public.analysis_feedback.ssml_status is
  'queued, processing, completed or failed.';
comment on column public.analysis_feedback.ssml_attempts is 'Claims so far.';
comment on column public.analysis_feedback.ssml_available_at is
  'Null: no message. When queued: not before. When processing: end of the lease.';
comment on column public.analysis_feedback.ssml_turn is
  'Its place in the queue; null while it is not ready.';
comment on column public.analysis_feedback.ssml_lease_token is 'Fences the lease holder''s writes.';
comment on column public.analysis_feedback.ssml_deferred_seconds is 'Delay providers asked for.';
comment on column public.analysis_feedback.ssml_error_code is 'Last error, as stable code.';
comment on column public.analysis_feedback.ssml_last_error is 'Last error, as a sentence.';
comment on column public.analysis_feedback.ssml_updated_at is 'When the SSML''s status changed.';
comment on column public.analysis_feedback.audio_status is
  'queued, processing, completed or failed.';
comment on column public.analysis_feedback.audio_attempts is 'Claims so far.';
comment on column public.analysis_feedback.audio_available_at is
  'Null: no SSML segment. When queued: not before. When processing: end of the lease.';
comment on column public.analysis_feedback.audio_turn is
  'Its place in the queue; null while it is not ready.';
comment on column public.analysis_feedback.audio_lease_token is
  'Fences the lease holder''s writes.';
comment on column public.analysis_feedback.audio_deferred_seconds is 'Delay providers asked for.';
comment on column public.analysis_feedback.audio_error_code is 'Last error, as stable code.';
comment on column public.analysis_feedback.audio_last_error is 'Last error, as a sentence.';
comment on column public.analysis_feedback.audio_updated_at is 'When the audio''s status changed.';
comment on column public.analysis_feedback.created_at is 'When it was made.';

create index analysis_feedback_analysis_job_id_start_seconds_idx
on public.analysis_feedback (analysis_job_id, start_seconds);

create index analysis_feedback_user_id_idx on public.analysis_feedback (user_id);

-- What is ready, in claim order, a queue per stage.
create index analysis_feedback_ssml_ready_idx
on public.analysis_feedback (ssml_turn, ssml_available_at, id)
where ssml_status in ('queued', 'processing') and ssml_turn is not null;

create index analysis_feedback_audio_ready_idx
on public.analysis_feedback (audio_turn, audio_available_at, id)
where audio_status in ('queued', 'processing') and audio_turn is not null;

-- The same by owner: an owner's last turn, and the claim under a cap per user.
create index analysis_feedback_ssml_ready_by_user_idx
on public.analysis_feedback (user_id, ssml_turn, ssml_available_at, id)
where ssml_status in ('queued', 'processing') and ssml_turn is not null;

create index analysis_feedback_audio_ready_by_user_idx
on public.analysis_feedback (user_id, audio_turn, audio_available_at, id)
where audio_status in ('queued', 'processing') and audio_turn is not null;

-- What waits: leases for their end, retries for the end of their backoff.
create index analysis_feedback_ssml_waiting_idx
on public.analysis_feedback (ssml_status, ssml_available_at)
where ssml_available_at is not null
  and (ssml_status = 'processing' or (ssml_status = 'queued' and ssml_turn is null));

create index analysis_feedback_audio_waiting_idx
on public.analysis_feedback (audio_status, audio_available_at)
where audio_available_at is not null
  and (audio_status = 'processing' or (audio_status = 'queued' and audio_turn is null));

alter table public.analysis_feedback enable row level security;

create policy "owners read their feedback" on public.analysis_feedback
for select to authenticated using (user_id = (select auth.uid()));

revoke all on table public.analysis_feedback from public, anon, authenticated, service_role;
revoke all on sequence public.analysis_feedback_id_seq
from public, anon, authenticated, service_role;
grant select on table public.analysis_feedback to authenticated;
grant select, insert, update, delete on table public.analysis_feedback to service_role;

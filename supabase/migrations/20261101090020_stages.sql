-- The stages of the way from a recording to spoken feedback: one row of settings each.

create table pipeline.stages (
  stage text primary key,
  enabled boolean not null default true,
  function_name text not null,
  provider text not null,
  model text not null default 'default',
  max_attempts int not null default 3,
  max_attempts_lowered_at timestamptz,
  lease_seconds int not null default 60,
  batch_size int not null default 8,
  max_concurrency int,
  max_concurrency_per_user int,
  backoff_base_seconds numeric not null default 2,
  backoff_cap_seconds numeric not null default 300,
  max_deferred_seconds numeric not null default 7200,
  debounce_seconds numeric not null default 0.5,
  patience_seconds numeric not null default 2,
  updated_at timestamptz not null default now(),
  constraint stages_provider_model_fkey foreign key (provider, model)
    references pipeline.provider_limits (provider, model),
  constraint stage_is_known check (stage in ('analysis', 'ssml', 'audio')),
  constraint max_attempts_is_between_1_and_20 check (max_attempts between 1 and 20),
  constraint lease_is_between_1_second_and_1_hour check (lease_seconds between 1 and 3600),
  constraint batch_is_between_1_and_1000 check (batch_size between 1 and 1000),
  constraint max_concurrency_is_positive check (max_concurrency > 0),
  constraint max_concurrency_per_user_is_positive check (max_concurrency_per_user > 0),
  constraint backoff_base_is_positive check (backoff_base_seconds > 0),
  constraint backoff_cap_is_not_below_base check (backoff_cap_seconds >= backoff_base_seconds),
  constraint max_deferred_is_not_negative check (max_deferred_seconds >= 0),
  constraint debounce_is_not_negative check (debounce_seconds >= 0),
  constraint patience_is_not_negative check (patience_seconds >= 0)
);

comment on table pipeline.stages is
  'One row a stage: the one place to tune it or to pause it (enabled = false).';
comment on column pipeline.stages.stage is 'analysis, ssml or audio.';
comment on column pipeline.stages.enabled is
  'False pauses the stage: nothing is claimed and nobody is woken; held leases run on.';
comment on column pipeline.stages.function_name is 'The Edge Function that works this stage.';
comment on column pipeline.stages.provider is 'Whom its workers ask.';
comment on column pipeline.stages.model is
  'The model they last named; with provider the row of provider_limits that holds for the stage.';
comment on column pipeline.stages.max_attempts is 'Claims an item may have before it fails.';
comment on column pipeline.stages.max_attempts_lowered_at is
  'Leases from before may have had more attempts.';
comment on column pipeline.stages.lease_seconds is
  'Default lease of a claim; a killed worker''s items are claimable again after it.';
comment on column pipeline.stages.batch_size is 'Default number of items a claim takes.';
comment on column pipeline.stages.max_concurrency is
  'At most so many live leases at once; null means no cap.';
comment on column pipeline.stages.max_concurrency_per_user is
  'At most so many live leases for one user''s items; null means no cap.';
comment on column pipeline.stages.backoff_base_seconds is
  'Wait before the second attempt; doubles with each further one.';
comment on column pipeline.stages.backoff_cap_seconds is 'No backoff is longer than this.';
comment on column pipeline.stages.max_deferred_seconds is
  'Total delay that providers may ask for one item before it fails.';
comment on column pipeline.stages.debounce_seconds is
  'dispatch() wakes the function at most once in this time.';
comment on column pipeline.stages.patience_seconds is
  'Work that waits longer wakes one more worker, however many leases are live.';
comment on column pipeline.stages.updated_at is 'When the settings were last changed.';

create index stages_provider_model_idx on pipeline.stages (provider, model);

insert into pipeline.stages (stage, function_name, provider, batch_size) values
  ('analysis', 'ai-analyze-video', 'gemini', 2),
  ('ssml', 'ssmlWorker', 'gemini', 8),
  ('audio', 'audioWorker', 'google-cloud-tts', 8);

create trigger stages_touch_updated_at
before update on pipeline.stages
for each row execute function pipeline.touch_updated_at();

alter table pipeline.stages enable row level security;

create policy "workers and operators read and tune the stages" on pipeline.stages
for all to service_role using (true) with check (true);

revoke all on table pipeline.stages from public, anon, authenticated, service_role;
grant select, update on table pipeline.stages to service_role;

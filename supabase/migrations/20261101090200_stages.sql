-- The stages of the way from an upload to spoken feedback: one row of settings each, and one row
-- of what moves. A stage brings its row in its own migration; nothing here names one.

create table pipeline.stages (
  stage text primary key,
  place int not null,
  enabled boolean not null default true,
  function_name text,
  is_claimed boolean not null default true,
  provider text,
  model text not null default 'default',
  sent_back_to text,
  max_attempts int not null default 3,
  max_losses int not null default 5,
  lease_seconds int not null default 20,
  batch_size int not null default 8,
  max_concurrency int default 64,
  max_concurrency_per_user int,
  max_tasks_per_user int,
  daily_attempts_per_user int,
  daily_spend_per_user numeric,
  max_retries int not null default 5,
  backoff_base_seconds numeric not null default 2,
  backoff_cap_seconds numeric not null default 300,
  max_deferred_seconds numeric not null default 86400,
  debounce_seconds numeric not null default 0.5,
  patience_seconds numeric not null default 2,
  updated_at timestamptz not null default pipeline.now(),
  constraint stages_provider_model_fkey foreign key (provider, model)
    references pipeline.provider_limits (provider, model),
  constraint stage_is_snake_case check (stage ~ '^[a-z][a-z0-9_]{0,29}$'),
  constraint max_attempts_is_between_1_and_20 check (max_attempts between 1 and 20),
  constraint max_losses_is_between_1_and_20 check (max_losses between 1 and 20),
  constraint lease_is_between_1_second_and_1_hour check (lease_seconds between 1 and 3600),
  constraint batch_is_between_1_and_1000 check (batch_size between 1 and 1000),
  constraint max_concurrency_is_positive check (max_concurrency > 0),
  constraint max_concurrency_per_user_is_positive check (max_concurrency_per_user > 0),
  constraint max_tasks_per_user_is_positive check (max_tasks_per_user > 0),
  constraint daily_attempts_per_user_are_not_negative check (daily_attempts_per_user >= 0),
  constraint daily_spend_per_user_is_not_negative check (daily_spend_per_user >= 0),
  constraint max_retries_is_not_negative check (max_retries >= 0),
  constraint backoff_base_is_positive check (backoff_base_seconds > 0),
  constraint backoff_cap_is_not_below_base check (backoff_cap_seconds >= backoff_base_seconds),
  constraint max_deferred_is_not_negative check (max_deferred_seconds >= 0),
  constraint debounce_is_not_negative check (debounce_seconds >= 0),
  constraint patience_is_not_negative check (patience_seconds >= 0)
);

comment on table pipeline.stages is
  'One row a stage: the one place to tune it or to pause it (enabled = false).';
comment on column pipeline.stages.stage is 'Its name; that of its view of items begins with it.';
comment on column pipeline.stages.place is 'Its place on the way.';
comment on column pipeline.stages.enabled is
  'False pauses the stage: nothing is claimed and nobody is woken; held leases run on.';
comment on column pipeline.stages.function_name is
  'The Edge Function that works this stage; null where the database does, or another worker.';
comment on column pipeline.stages.is_claimed is
  'Whether workers claim its items; false where the database works it itself, and sweeps it.';
comment on column pipeline.stages.provider is 'Whom its workers ask; null where they ask nobody.';
comment on column pipeline.stages.model is
  'The model they last named; with provider the row of provider_limits that holds for the stage.';
comment on column pipeline.stages.sent_back_to is
  'The earlier stage that makes what this one is given, and has to make it again.';
comment on column pipeline.stages.max_attempts is 'Claims an item may have before it fails.';
comment on column pipeline.stages.max_losses is
  'Workers that may vanish while they hold nothing but one item before it fails; four times as '
  'many while other items of the stage lose theirs.';
comment on column pipeline.stages.lease_seconds is
  'Default lease of a claim; a killed worker''s items are claimable again after it.';
comment on column pipeline.stages.batch_size is 'Default number of items a claim takes.';
comment on column pipeline.stages.max_concurrency is
  'Its slots: at most so many live leases; null means any number.';
comment on column pipeline.stages.max_concurrency_per_user is
  'Slots that one user''s items may hold; null means half of the stage''s.';
comment on column pipeline.stages.max_tasks_per_user is
  'Items that one user may have in the queue; null means any number.';
comment on column pipeline.stages.daily_attempts_per_user is
  'Claims that one user''s items may have in a day (UTC), see user_quotas; null means any number.';
comment on column pipeline.stages.daily_spend_per_user is
  'What one user''s items may cost in a day (UTC), by the ledger; null means any amount.';
comment on column pipeline.stages.max_retries is 'Times that an owner may retry one item.';
comment on column pipeline.stages.backoff_base_seconds is
  'Wait before the second attempt; doubles with each further one.';
comment on column pipeline.stages.backoff_cap_seconds is 'No backoff is longer than this.';
comment on column pipeline.stages.max_deferred_seconds is
  'Time that an item may wait in all for what is not its fault before it fails.';
comment on column pipeline.stages.debounce_seconds is
  'dispatch() wakes the function at most once in this time.';
comment on column pipeline.stages.patience_seconds is
  'Work that waits longer wakes one more worker, however many leases are live.';
comment on column pipeline.stages.updated_at is 'When the settings were last changed.';

create index stages_provider_model_idx on pipeline.stages (provider, model);

create table pipeline.stage_clocks (
  stage text primary key references pipeline.stages (stage) on delete cascade,
  from_turn bigint not null default 0,
  next_turn bigint not null default 0,
  moved_at timestamptz not null default '-infinity',
  looked_at timestamptz not null default '-infinity',
  pause_seconds int not null default 1,
  suspects uuid[] not null default '{}',
  suspected_until timestamptz not null default '-infinity',
  woken_at timestamptz not null default '-infinity',
  outcome text not null default 'never called'
);

comment on table pipeline.stage_clocks is 'What moves of each stage; nobody tunes it.';
comment on column pipeline.stage_clocks.stage is 'The stage.';
comment on column pipeline.stage_clocks.from_turn is
  'Its watermark: claims begin to look here; after each pause one begins at 0.';
comment on column pipeline.stage_clocks.next_turn is 'The latest claimed turn at moved_at.';
comment on column pipeline.stage_clocks.moved_at is
  'When a claim last moved the watermark.';
comment on column pipeline.stage_clocks.looked_at is
  'When a claim last swept the stage, and looked below the watermark.';
comment on column pipeline.stage_clocks.pause_seconds is
  'How long after that one does so again; longer where it has much to walk over.';
comment on column pipeline.stage_clocks.suspects is
  'Owners whose items were held by a worker that vanished: they are claimed apart from others''.';
comment on column pipeline.stage_clocks.suspected_until is 'For how long.';
comment on column pipeline.stage_clocks.woken_at is
  'When its function was last called; the next call waits for the debounce.';
comment on column pipeline.stage_clocks.outcome is '''called'', or what is missing to do it.';

create function pipeline.add_stage_clock()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  insert into pipeline.stage_clocks (stage) values (new.stage);
  return null;
end
$$;

create trigger stages_add_clock
after insert on pipeline.stages
for each row execute function pipeline.add_stage_clock();

create trigger stages_touch_updated_at
before update on pipeline.stages
for each row execute function pipeline.touch_updated_at();

-- The latest turn of a stage that was claimed. In a sequence, `<stage>_served_turn`: it takes no
-- lock, leaves no dead rows behind under a long transaction, and being a little early or late costs
-- nothing but a little order.
create function pipeline.served_turn(stage text)
returns bigint
language sql volatile security invoker
return coalesce(
  pg_sequence_last_value(('pipeline.' || served_turn.stage || '_served_turn')::regclass), 0
);

alter table pipeline.stages enable row level security;
alter table pipeline.stage_clocks enable row level security;

create policy "workers and operators read and tune the stages" on pipeline.stages
for all to service_role using (true) with check (true);

create policy "workers and operators read and move the clocks" on pipeline.stage_clocks
for all to service_role using (true) with check (true);

revoke all on table pipeline.stages, pipeline.stage_clocks
from public, anon, authenticated, service_role;
grant select, update on table pipeline.stages, pipeline.stage_clocks to service_role;

revoke all on function pipeline.add_stage_clock(), pipeline.served_turn(text)
from public, anon, authenticated;
grant execute on function pipeline.served_turn(text)
to service_role;

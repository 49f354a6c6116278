-- The queue of all stages. A task exists exactly while its item is queued with all that it needs,
-- or processing; task and visible status change in one transaction. The rows that users read carry
-- no queue: this one is narrow, and their status changes stay cheap.
--
-- A task is in one of three states:
--   ready    turn is not null. Claims take the lowest turn.
--   leased   turn is null, lease_token is not null; available_at is the end of the lease.
--   delayed  turn is null, lease_token is null; available_at is when it gets a turn.
-- One whose lease has ended is ready and keeps its token: its worker owns it until the next claim.
--
-- Locks. Whoever waits for a row takes them in this order, so that no two wait for each other:
--   1. one item, after its parents; of several none is waited for (pipeline.hold)
--   2. their tasks
--   3. the limits of their provider, then the usage of their owners, in the order of their ids
--   4. requests to erase objects, in the order of bucket and path, then their tasks
-- Claims and sweeps begin elsewhere: with a provider's limits, the stage's slots (advisory locks)
-- and its clocks, the stages in the order of their places. So they wait neither for items nor for
-- tasks, they skip what others hold; usage comes last for them, too. Sessions have a rule of their
-- own (see sessions.sql).

-- Domains, whose rules cost only whoever assigns such a column (see domains.sql).
create domain pipeline.refusal as text
constraint refusal_is_short check (length(value) <= 500);
create domain pipeline.progress as jsonb
constraint progress_is_small check (pg_column_size(value) <= 8192);

create table pipeline.tasks (
  stage text not null,
  subject_id bigint not null,
  user_id uuid not null,
  turn bigint,
  available_at timestamptz not null,
  queued_at timestamptz,
  claimed_at timestamptz,
  lease_token uuid,
  lease_number bigint not null default 0,
  attempts int not null default 0,
  losses int not null default 0,
  deferrals int not null default 0,
  rounds int not null default 0,
  parked boolean not null default false,
  deferred_seconds real not null default 0,
  refused pipeline.refusal,
  progress pipeline.progress,
  constraint tasks_pkey primary key (stage, subject_id)
)
with (
  fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 200
);

comment on table pipeline.tasks is 'The queue: a row while an item is queued or processing.';
comment on column pipeline.tasks.stage is 'Row of pipeline.stages.';
comment on column pipeline.tasks.subject_id is 'Row that the stage works on.';
comment on column pipeline.tasks.user_id is 'Its owner.';
comment on column pipeline.tasks.turn is 'Place in the queue; null while it is not ready.';
comment on column pipeline.tasks.available_at is
  'Ready: since when. Leased: the end of the lease. Delayed: until when.';
comment on column pipeline.tasks.queued_at is 'Since when it was ready, as it was last claimed.';
comment on column pipeline.tasks.claimed_at is 'When it was last claimed.';
comment on column pipeline.tasks.lease_token is 'Fences the writes of the lease''s holder.';
comment on column pipeline.tasks.lease_number is 'Order in which leases were given or extended.';
comment on column pipeline.tasks.attempts is 'Claims, but for those that were wasted.';
comment on column pipeline.tasks.losses is
  'Workers that vanished with it. From the first on it is claimed by itself, from the second on '
  'by a worker that holds nothing else: so that it takes no other along.';
comment on column pipeline.tasks.deferrals is 'Times it was deferred in a row.';
comment on column pipeline.tasks.rounds is 'Times it was sent back.';
comment on column pipeline.tasks.parked is 'It waits for its owner''s quota.';
comment on column pipeline.tasks.deferred_seconds is 'Time it has waited for providers in all.';
comment on column pipeline.tasks.refused is 'Why a later stage sent back what was made of it.';
comment on column pipeline.tasks.progress is 'What an attempt has reached and the next can use.';

-- What is ready, in claim order, and the same by owner: its last turn, its first items.
create index tasks_ready_idx on pipeline.tasks (stage, turn, subject_id) where turn is not null;

create index tasks_ready_by_user_idx on pipeline.tasks (stage, user_id, turn)
where turn is not null;

-- Leases, for caps and for their end, in the order in which they were given: what is left of those
-- that were completed lies before the oldest live one, and is not walked over (live_leases).
create sequence pipeline.lease_numbers as bigint;

comment on sequence pipeline.lease_numbers is 'Numbers leases as they are given or extended.';

create index tasks_leased_idx on pipeline.tasks (stage, lease_number)
include (user_id, available_at)
where turn is null and lease_token is not null;

create index tasks_delayed_idx on pipeline.tasks (stage, available_at)
where turn is null and lease_token is null;

-- How often an owner retried an item; gone with the item.
create table pipeline.retries (
  stage text not null,
  subject_id bigint not null,
  count int not null,
  constraint retries_pkey primary key (stage, subject_id)
);

comment on table pipeline.retries is 'How often owners retried their items.';
comment on column pipeline.retries.stage is 'The stage.';
comment on column pipeline.retries.subject_id is 'The item.';
comment on column pipeline.retries.count is 'Retries so far.';

-- What the machine gave up, for operators. The rows that users read have no index of what failed:
-- it would make each change of their status dearer. Written by pipeline.show(), gone as soon as the
-- item begins anew or is deleted. A recording whose upload failed is none: nobody worked on it.
create table pipeline.failures (
  stage text not null,
  subject_id bigint not null,
  user_id uuid not null,
  error_code text not null,
  failed_at timestamptz not null,
  constraint failures_pkey primary key (stage, subject_id)
);

comment on table pipeline.failures is 'Items that failed for good, while they do.';
comment on column pipeline.failures.stage is 'The stage.';
comment on column pipeline.failures.subject_id is 'The item.';
comment on column pipeline.failures.user_id is 'Its owner.';
comment on column pipeline.failures.error_code is 'Why, as stable code.';
comment on column pipeline.failures.failed_at is 'When.';

-- The newest of all, and the pages of one error.
create index failures_failed_at_idx on pipeline.failures (failed_at desc);

create index failures_stage_error_code_failed_at_idx
on pipeline.failures (stage, error_code, failed_at desc, subject_id desc);

-- What an operator looks for when one person asks.
create index failures_user_id_failed_at_idx on pipeline.failures (user_id, failed_at desc);

alter table pipeline.tasks enable row level security;
alter table pipeline.retries enable row level security;
alter table pipeline.failures enable row level security;

create policy "workers and operators use the queue" on pipeline.tasks
for all to service_role using (true) with check (true);
create policy "retries are counted" on pipeline.retries
for all to service_role using (true) with check (true);
create policy "failures are listed" on pipeline.failures
for all to service_role using (true) with check (true);

revoke all on sequence pipeline.lease_numbers from public, anon, authenticated, service_role;
grant usage on sequence pipeline.lease_numbers to service_role;
revoke all on table pipeline.tasks, pipeline.retries, pipeline.failures
from public, anon, authenticated, service_role;
grant select, insert, update, delete
on table pipeline.tasks, pipeline.retries, pipeline.failures to service_role;

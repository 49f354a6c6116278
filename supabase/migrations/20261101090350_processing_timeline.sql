-- What became of each attempt: a row when it ends, so that a retry overwrites nothing, and the life
-- of an item can be drawn with its waits. Rows go with their item, or when they are old.
--
-- A worker that works in steps (a render) adds a row for each step of its attempt.

create domain pipeline.timeline_details as jsonb
constraint details_are_small check (pg_column_size(value) <= 4096);

create table public.processing_timeline (
  id bigint generated always as identity,
  user_id uuid not null,
  stage text not null,
  subject_id bigint not null,
  attempt int not null,
  step text,
  queued_at timestamptz,
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome text,
  error_code text,
  details pipeline.timeline_details,
  -- In the order in which it is read: an item's rows lie together, and there is one index to write.
  constraint processing_timeline_pkey primary key (user_id, stage, subject_id, started_at, id)
)
partition by range (started_at);

-- For what no week is made for: a clock that jumps loses nothing.
create table partitions.processing_timeline_default
partition of public.processing_timeline default;

comment on table public.processing_timeline is
  'What became of each attempt at an item, and of the steps of a render.';
comment on column public.processing_timeline.id is 'Their order.';
comment on column public.processing_timeline.user_id is 'Whose item it is.';
comment on column public.processing_timeline.stage is 'The stage: analysis, ssml, audio and so on.';
comment on column public.processing_timeline.subject_id is
  'The row that the stage works on: an analysis job, a feedback, a render job.';
comment on column public.processing_timeline.attempt is 'Which attempt, from 1.';
comment on column public.processing_timeline.step is 'Step of the attempt; null for the whole.';
comment on column public.processing_timeline.queued_at is
  'Since when it was ready to be claimed; null for a step.';
comment on column public.processing_timeline.started_at is 'When it was claimed, or began.';
comment on column public.processing_timeline.ended_at is 'When it ended; null while a step lasts.';
comment on column public.processing_timeline.outcome is
  'completed, failed; retried (it failed and has attempts left), deferred (the provider is at '
  'fault), sent_back, released, lost (its worker vanished), cancelled (its owner began anew).';
comment on column public.processing_timeline.error_code is 'Why it did not complete.';
comment on column public.processing_timeline.details is 'What a step used: bytes, frames, memory.';

-- For what happened lately: rows come in the order of their time. No attempt lasts a week, so who
-- asks what ended since then also says that it began at most a week before: older weeks, each with
-- a last range of pages that is not summarised, are not read.
create index processing_timeline_ended_at_idx on public.processing_timeline
using brin (ended_at) with (pages_per_range = 16);

-- Writes that the attempts at these tasks have ended. Called by whatever ends one, with the task as
-- it was; one that nobody holds has no attempt.
create function pipeline.end_attempts(
  tasks pipeline.tasks[], outcome text, error_code text, at timestamptz
)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  insert into public.processing_timeline
    (user_id, stage, subject_id, attempt, queued_at, started_at, ended_at, outcome, error_code)
  select t.user_id, t.stage, t.subject_id, t.attempts, t.queued_at,
    coalesce(t.claimed_at, end_attempts.at), end_attempts.at, end_attempts.outcome,
    left(end_attempts.error_code, 100)
  from unnest(end_attempts.tasks) as t
  where t.lease_token is not null;
end
$$;

-- What has ended is history, whoever writes. Only steps that are under way are updated.
create function pipeline.keep_ended()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  raise exception 'an attempt that has ended stays as it was' using errcode = 'PT409';
end
$$;

create trigger processing_timeline_100_keep_ended
before update on public.processing_timeline
for each row when (old.ended_at is not null)
execute function pipeline.keep_ended();

alter table public.processing_timeline enable row level security;
alter table partitions.processing_timeline_default enable row level security;

create policy "rows are read through their table" on partitions.processing_timeline_default
for select to authenticated, service_role using (false);

create policy "owners read what became of their items" on public.processing_timeline
for select to authenticated using ((select auth.uid()) = user_id);
create policy "workers tell what became of items" on public.processing_timeline
for all to service_role using (true) with check (true);

revoke all on sequence public.processing_timeline_id_seq
from public, anon, authenticated, service_role;
revoke all on table partitions.processing_timeline_default
from public, anon, authenticated, service_role;
revoke all on table public.processing_timeline
from public, anon, authenticated, service_role;
grant select on table public.processing_timeline to authenticated;
grant select, insert on table public.processing_timeline to service_role;
grant update (ended_at, outcome, error_code, details) on table public.processing_timeline
to service_role;

revoke all on function
  pipeline.end_attempts(pipeline.tasks[], text, text, timestamptz), pipeline.keep_ended()
from public, anon, authenticated;
grant execute on function pipeline.end_attempts(pipeline.tasks[], text, text, timestamptz)
to service_role;

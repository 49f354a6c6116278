-- What recordings and users cost, for operators: the ledger summed up. `unpriced_calls` are those
-- whose price nobody has set, so the cost is more than it says.

create view pipeline.cost_per_recording with (security_invoker = true) as
select j.video_recording_id, j.user_id, count(*) as calls,
  sum(c.input_tokens) as input_tokens,
  sum(c.output_tokens) + coalesce(sum(c.thought_tokens), 0) as output_tokens,
  sum(c.characters) as characters, coalesce(sum(c.cost), 0) as cost,
  max(c.currency) as currency, count(*) filter (where c.cost is null) as unpriced_calls
from public.analysis_jobs as j
join pipeline.provider_calls as c on c.correlation_id = j.correlation_id
group by j.video_recording_id, j.user_id;

comment on view pipeline.cost_per_recording is
  'What each recording has cost, whatever became of its feedback since.';
comment on column pipeline.cost_per_recording.video_recording_id is 'The recording.';
comment on column pipeline.cost_per_recording.user_id is 'Its owner.';
comment on column pipeline.cost_per_recording.calls is 'Paid calls of all stages.';
comment on column pipeline.cost_per_recording.input_tokens is 'Tokens that were read.';
comment on column pipeline.cost_per_recording.output_tokens is
  'Tokens that were answered or thought.';
comment on column pipeline.cost_per_recording.characters is 'Characters that were spoken.';
comment on column pipeline.cost_per_recording.cost is 'In all.';
comment on column pipeline.cost_per_recording.currency is 'Of the cost.';
comment on column pipeline.cost_per_recording.unpriced_calls is 'Calls without a known price.';

create view pipeline.cost_per_day with (security_invoker = true) as
select c.user_id, (c.created_at at time zone 'UTC')::date as day, count(*) as calls,
  coalesce(sum(c.cost), 0) as cost, max(c.currency) as currency,
  count(*) filter (where c.cost is null) as unpriced_calls
from pipeline.provider_calls as c
group by c.user_id, (c.created_at at time zone 'UTC')::date;

comment on view pipeline.cost_per_day is 'What each user has cost on each day.';
comment on column pipeline.cost_per_day.user_id is 'The user, who may be gone.';
comment on column pipeline.cost_per_day.day is 'The day (UTC).';
comment on column pipeline.cost_per_day.calls is 'Paid calls of all stages.';
comment on column pipeline.cost_per_day.cost is 'In all.';
comment on column pipeline.cost_per_day.currency is 'Of the cost.';
comment on column pipeline.cost_per_day.unpriced_calls is 'Calls without a known price.';

create view pipeline.duplicate_spend with (security_invoker = true) as
select c.stage, c.subject_id, c.user_id, c.request_hash, count(*) as calls,
  count(c.refused) as refused_calls, coalesce(sum(c.cost), 0) as cost,
  max(c.currency) as currency, min(c.created_at) as first_at, max(c.created_at) as last_at
from pipeline.provider_calls as c
group by c.stage, c.subject_id, c.user_id, c.request_hash
having count(*) > 1;

comment on view pipeline.duplicate_spend is
  'Questions about an item that were paid for more than once.';
comment on column pipeline.duplicate_spend.stage is 'The stage that asked.';
comment on column pipeline.duplicate_spend.subject_id is 'The item.';
comment on column pipeline.duplicate_spend.user_id is 'Its owner.';
comment on column pipeline.duplicate_spend.request_hash is 'The question.';
comment on column pipeline.duplicate_spend.calls is 'How often it was paid for.';
comment on column pipeline.duplicate_spend.refused_calls is
  'Of these answers, how many could not be used: reason enough to ask again.';
comment on column pipeline.duplicate_spend.cost is 'What it has cost in all.';
comment on column pipeline.duplicate_spend.currency is 'Of the cost.';
comment on column pipeline.duplicate_spend.first_at is 'When it was answered first.';
comment on column pipeline.duplicate_spend.last_at is 'When it was answered last.';

revoke all on table
  pipeline.cost_per_recording, pipeline.cost_per_day, pipeline.duplicate_spend
from public, anon, authenticated, service_role;
grant select on table
  pipeline.cost_per_recording, pipeline.cost_per_day, pipeline.duplicate_spend
to service_role;

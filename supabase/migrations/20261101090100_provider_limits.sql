-- What a provider lets us do, one row per provider and model, obeyed by every claim and so by all
-- isolates at once: a token bucket, a pause, and a circuit that opens when it keeps failing. Claims
-- read it in lease.sql; limits.sql says how what workers report changes it. Only what happens to
-- items of several owners counts: no owner can close a provider to the others.

create table pipeline.provider_limits (
  provider text not null,
  model text not null default 'default',
  requests_per_minute numeric,
  burst int not null default 10,
  tokens numeric not null default 10,
  refilled_at timestamptz not null default '-infinity',
  refused_users uuid[] not null default '{}',
  not_before timestamptz,
  longest_pause_seconds numeric not null default 300,
  failing_users uuid[] not null default '{}',
  failure_threshold int not null default 3,
  open_seconds numeric not null default 30,
  longest_open_seconds numeric not null default 300,
  open_until timestamptz,
  probes int not null default 0,
  probe_user uuid,
  probe_token uuid,
  probe_until timestamptz,
  updated_at timestamptz not null default pipeline.now(),
  constraint provider_limits_pkey primary key (provider, model),
  constraint provider_is_not_blank check (btrim(provider) <> '' and length(provider) <= 100),
  constraint model_is_not_blank check (btrim(model) <> '' and length(model) <= 200),
  constraint requests_per_minute_is_positive check (requests_per_minute > 0),
  constraint burst_is_positive check (burst > 0),
  constraint tokens_are_not_negative check (tokens >= 0),
  constraint longest_pause_is_positive check (longest_pause_seconds > 0),
  constraint failure_threshold_is_at_least_two check (failure_threshold >= 2),
  constraint open_seconds_are_positive check (open_seconds > 0),
  constraint probes_are_not_negative check (probes >= 0),
  constraint longest_open_is_not_below_the_first check (longest_open_seconds >= open_seconds)
);

comment on table pipeline.provider_limits is
  'What each provider and model lets us do; every claim obeys it.';
comment on column pipeline.provider_limits.provider is 'gemini or google-cloud-tts.';
comment on column pipeline.provider_limits.model is
  'The model that workers name when they claim, else default.';
comment on column pipeline.provider_limits.requests_per_minute is
  'Items that may be claimed in a minute, over all workers; null means no limit.';
comment on column pipeline.provider_limits.burst is
  'Items that may be claimed at once after a rest.';
comment on column pipeline.provider_limits.tokens is 'Items that could be claimed at refilled_at.';
comment on column pipeline.provider_limits.refilled_at is 'When tokens was last worked out.';
comment on column pipeline.provider_limits.refused_users is
  'Owners whose items it refused (429) since its last answer; two of them make a pause.';
comment on column pipeline.provider_limits.not_before is 'Nothing is claimed for it before.';
comment on column pipeline.provider_limits.longest_pause_seconds is
  'A longer pause is not believed.';
comment on column pipeline.provider_limits.failing_users is
  'Owners whose items it failed since its last answer.';
comment on column pipeline.provider_limits.failure_threshold is
  'Failing for so many owners opens the circuit.';
comment on column pipeline.provider_limits.open_seconds is
  'How long the circuit stays open; doubles with each probe that it fails.';
comment on column pipeline.provider_limits.longest_open_seconds is
  'The circuit is never open longer than this without a probe.';
comment on column pipeline.provider_limits.open_until is
  'Null: closed. In the future: open. In the past: one item at a time is let through to probe.';
comment on column pipeline.provider_limits.probes is
  'Probes that it has failed since the circuit opened.';
comment on column pipeline.provider_limits.probe_user is
  'Whose item probed last; the next is another owner''s, where there is one.';
comment on column pipeline.provider_limits.probe_token is 'The lease of the item that is probing.';
comment on column pipeline.provider_limits.probe_until is 'When that lease ends.';
comment on column pipeline.provider_limits.updated_at is 'When the row last changed.';

-- The bucket's tokens at `at`. One that was last filled in a future which a clock has taken back is
-- full.
create function pipeline.refilled_tokens(limits pipeline.provider_limits, at timestamptz)
returns numeric
language sql stable security invoker
return case
  when (limits).refilled_at = '-infinity' or (limits).refilled_at > at + interval '1 minute'
  then (limits).burst
  else least(
    (limits).burst,
    (limits).tokens + (limits).requests_per_minute
      * greatest(extract(epoch from at - (limits).refilled_at), 0) / 60
  )
end;

-- Items that may be claimed at `at`: null for any number. Pauses and openings that are longer than
-- they can be come from a clock that has gone back, and hold nobody; a minute is left to claims
-- that began before what they waited for.
create function pipeline.provider_room(limits pipeline.provider_limits, at timestamptz)
returns int
language sql stable security invoker
return case
  when (limits).not_before > at
    and (limits).not_before
      <= at + make_interval(mins => 1, secs => (limits).longest_pause_seconds::float8)
  then 0
  when (limits).open_until > at
    and (limits).open_until
      <= at + make_interval(mins => 1, secs => (limits).longest_open_seconds::float8)
  then 0
  when (limits).open_until is not null and (limits).probe_until > at
    and (limits).probe_until <= at + interval '61 minutes'
  then 0
  when (limits).open_until is not null then 1
  when (limits).requests_per_minute is not null
  then floor(pipeline.refilled_tokens(limits, at))::int
end;

create trigger provider_limits_touch_updated_at
before update on pipeline.provider_limits
for each row execute function pipeline.touch_updated_at();

insert into pipeline.provider_limits (provider) values ('gemini'), ('google-cloud-tts');

alter table pipeline.provider_limits enable row level security;

create policy "workers and operators read and tune the limits" on pipeline.provider_limits
for all to service_role using (true) with check (true);

revoke all on table pipeline.provider_limits from public, anon, authenticated, service_role;
grant select, insert, update on table pipeline.provider_limits to service_role;

revoke all on function
  pipeline.refilled_tokens(pipeline.provider_limits, timestamptz),
  pipeline.provider_room(pipeline.provider_limits, timestamptz)
from public, anon, authenticated;
grant execute on function
  pipeline.refilled_tokens(pipeline.provider_limits, timestamptz),
  pipeline.provider_room(pipeline.provider_limits, timestamptz)
to service_role;

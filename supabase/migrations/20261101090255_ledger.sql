-- What providers are paid: a row per paid call, written as soon as its answer is there, in a
-- transaction of its own and before anything that is made of the answer.
--
-- A worker that dies in between has paid; whoever works on the item next asks find_answer() first
-- and goes on from what was answered. So an answer is kept under a hash of all that decides it, for
-- its own item only, until it is found unusable (fail.sql), the item is deleted or gets other
-- words, or two days are over. The rows stay, whatever their owners delete: quotas read them.

create table pipeline.provider_prices (
  provider text not null,
  model text not null,
  valid_from date not null,
  million_input_tokens numeric,
  million_output_tokens numeric,
  million_characters numeric,
  currency text not null default 'USD',
  constraint provider_prices_pkey primary key (provider, model, valid_from),
  constraint provider_is_not_blank check (btrim(provider) <> ''),
  constraint model_is_not_blank check (btrim(model) <> ''),
  constraint prices_are_not_negative check (
    million_input_tokens >= 0 and million_output_tokens >= 0 and million_characters >= 0
  ),
  constraint currency_is_a_code check (currency ~ '^[A-Z]{3}$')
);

comment on table pipeline.provider_prices is
  'What providers charge, from which day on; operators keep it, in one currency.';
comment on column pipeline.provider_prices.provider is 'As calls are recorded under.';
comment on column pipeline.provider_prices.model is
  'Pattern (like) of models or voices; of several that fit the longest counts.';
comment on column pipeline.provider_prices.valid_from is 'Its first day (UTC).';
comment on column pipeline.provider_prices.million_input_tokens is
  'Price of a million tokens that are read; null where tokens are not charged.';
comment on column pipeline.provider_prices.million_output_tokens is
  'Price of a million tokens that are written or thought; null where they are not charged.';
comment on column pipeline.provider_prices.million_characters is
  'Price of a million characters that are spoken; null where they are not charged.';
comment on column pipeline.provider_prices.currency is 'ISO 4217; the same in all rows.';

-- List prices as published by October 2026, without free tiers and discounts. The offline providers
-- name themselves, and cost nothing.
insert into pipeline.provider_prices
  (provider, model, valid_from, million_input_tokens, million_output_tokens, million_characters)
values
  ('gemini', 'offline-%', '2026-01-01', 0, 0, 0),
  ('espeak-ng', '%', '2026-01-01', 0, 0, 0),
  ('gemini', 'gemini-3.8-flash%', '2026-01-01', 0.75, 3.75, null),
  ('gemini', 'gemini-3.8-flash%', '2027-01-01', 1.50, 7.50, null),
  ('gemini', 'gemini-3.8-flash-tts%', '2026-01-01', 0.50, 9.00, null),
  ('gemini', 'gemini-3.8-flash-tts%', '2027-01-01', 1.00, 18.00, null),
  ('gemini', 'gemini-3.8-flash-lite-tts%', '2026-01-01', 0.50, 6.00, null),
  ('gemini', 'gemini-3.8-flash-lite-tts%', '2027-01-01', 1.00, 12.00, null),
  ('google-cloud-tts', '%-Standard-%', '2026-01-01', null, null, 4),
  ('google-cloud-tts', '%-Wavenet-%', '2026-01-01', null, null, 4),
  ('google-cloud-tts', '%-Neural2-%', '2026-01-01', null, null, 16),
  ('google-cloud-tts', '%-Chirp3-HD-%', '2026-01-01', null, null, 30),
  ('google-cloud-tts', '%-Studio-%', '2026-01-01', null, null, 160);

-- No foreign keys: it is kept when the item, and the account, are gone.
create table pipeline.provider_calls (
  id uuid primary key,
  stage text not null,
  subject_id bigint not null,
  user_id uuid not null,
  attempt int not null,
  correlation_id uuid,
  provider text not null,
  model text not null,
  request_hash text not null,
  input_tokens int,
  output_tokens int,
  thought_tokens int,
  characters int,
  cost numeric,
  currency text,
  response_id text,
  ms int not null,
  refused text,
  answer jsonb,
  created_at timestamptz not null default pipeline.now(),
  constraint attempt_is_positive check (attempt > 0),
  constraint names_are_short check (length(provider) <= 100 and length(model) <= 200),
  constraint request_hash_is_sha_256 check (request_hash ~ '^[0-9a-f]{64}$'),
  constraint amounts_are_not_negative check (
    input_tokens >= 0 and output_tokens >= 0 and thought_tokens >= 0 and characters >= 0
      and cost >= 0 and ms >= 0
  ),
  constraint texts_are_short check (length(response_id) <= 200 and length(refused) <= 100),
  constraint answer_is_bounded check (pg_column_size(answer) <= 262144)
);

comment on table pipeline.provider_calls is
  'The ledger: a row per paid call of a provider. Nothing that users do removes one.';
comment on column pipeline.provider_calls.id is 'Made by the worker, so that it is recorded once.';
comment on column pipeline.provider_calls.stage is 'The stage that asked.';
comment on column pipeline.provider_calls.subject_id is 'The item that it asked for.';
comment on column pipeline.provider_calls.user_id is 'The item''s owner.';
comment on column pipeline.provider_calls.attempt is 'Which attempt at the item asked.';
comment on column pipeline.provider_calls.correlation_id is
  'That of the analysis job, through all its stages.';
comment on column pipeline.provider_calls.provider is 'Who answered.';
comment on column pipeline.provider_calls.model is 'The model, or the voice, that answered.';
comment on column pipeline.provider_calls.request_hash is
  'SHA-256 of all that decides the answer; the same for a retry of the same question.';
comment on column pipeline.provider_calls.input_tokens is 'Tokens that it read.';
comment on column pipeline.provider_calls.output_tokens is 'Tokens that it answered.';
comment on column pipeline.provider_calls.thought_tokens is
  'Tokens that it thought, charged as answered ones.';
comment on column pipeline.provider_calls.characters is 'Characters that it spoke.';
comment on column pipeline.provider_calls.cost is
  'By the prices of its day; null where no price is known.';
comment on column pipeline.provider_calls.currency is 'Of the cost.';
comment on column pipeline.provider_calls.response_id is 'The provider''s own name of its answer.';
comment on column pipeline.provider_calls.ms is 'How long it took.';
comment on column pipeline.provider_calls.refused is
  'Why its answer could not be used; null where it could.';
comment on column pipeline.provider_calls.answer is
  'What it answered, while another attempt at the item may need it.';
comment on column pipeline.provider_calls.created_at is 'When it was recorded.';

create index provider_calls_answer_idx on pipeline.provider_calls
(stage, subject_id, request_hash, created_at) where answer is not null;

create index provider_calls_answered_at_idx on pipeline.provider_calls (created_at)
where answer is not null;

-- What an owner has spent today is read from the index alone.
create index provider_calls_user_id_created_at_idx on pipeline.provider_calls
(user_id, created_at) include (stage, cost);

create index provider_calls_correlation_id_idx on pipeline.provider_calls (correlation_id);

create index provider_calls_created_at_idx on pipeline.provider_calls (created_at);

-- The price of a day.
create function pipeline.price_of(provider text, model text, at timestamptz)
returns pipeline.provider_prices
language sql stable security invoker set search_path = ''
as $$
  select p.* from pipeline.provider_prices as p
  where p.provider = price_of.provider and price_of.model like p.model
    and p.valid_from <= (price_of.at at time zone 'UTC')::date
  order by length(p.model) desc, p.valid_from desc
  limit 1
$$;

-- Null where the price is unknown, or what it is charged by.
create function pipeline.cost_of(call pipeline.provider_calls, price pipeline.provider_prices)
returns numeric
language sql immutable security invoker
return case when (price).provider is not null then round((
  case when (price).million_input_tokens > 0
    then (price).million_input_tokens * (call).input_tokens else 0 end
  + case when (price).million_output_tokens > 0
    then (price).million_output_tokens * ((call).output_tokens + coalesce((call).thought_tokens, 0))
    else 0 end
  + case when (price).million_characters > 0
    then (price).million_characters * (call).characters else 0 end
) / 1000000, 9) end;

-- A worker's first act after it was answered. `call` has the columns of the table by name; recorded
-- twice it is one row. An answer that is too large is not kept.
create function pipeline.record_call(call jsonb)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v pipeline.provider_calls := jsonb_populate_record(
    null::pipeline.provider_calls, record_call.call
  );
  v_price pipeline.provider_prices;
begin
  v.created_at := pipeline.now();
  v_price := pipeline.price_of(v.provider, v.model, v.created_at);
  v.cost := pipeline.cost_of(v, v_price);
  v.currency := v_price.currency;
  if pg_column_size(v.answer) > 262144 then
    v.answer := null;
  end if;
  insert into pipeline.provider_calls select v.*
  on conflict on constraint provider_calls_pkey do nothing;
end
$$;

-- Asked by a worker before it pays: what this question about this item was answered before.
create function pipeline.find_answer(stage text, subject_id bigint, request_hash text)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select c.answer from pipeline.provider_calls as c
  where c.stage = find_answer.stage and c.subject_id = find_answer.subject_id
    and c.request_hash = find_answer.request_hash and c.answer is not null
  order by c.created_at desc
  limit 1
$$;

-- What was answered for these items is used no more, for this reason if any.
create function pipeline.forget_answers(stages text[], ids bigint[], refused text default null)
returns void
language sql volatile security invoker set search_path = ''
as $$
  update pipeline.provider_calls as c
  set answer = null, refused = coalesce(left(forget_answers.refused, 100), c.refused)
  where c.stage = any (forget_answers.stages) and c.subject_id = any (forget_answers.ids)
    and c.answer is not null
$$;

-- What an owner's items of a stage have cost on the day of `at` (UTC).
create function pipeline.spent_on_day(stage text, user_id uuid, at timestamptz)
returns numeric
language sql stable security invoker set search_path = ''
as $$
  select coalesce(sum(c.cost), 0) from pipeline.provider_calls as c
  where c.user_id = spent_on_day.user_id and c.stage = spent_on_day.stage
    and c.created_at >= date_trunc('day', spent_on_day.at, 'UTC')
    and c.created_at < date_trunc('day', spent_on_day.at, 'UTC') + interval '1 day'
$$;

-- Called by cron. An item that waits for a provider or a quota does so for a day at most.
create function pipeline.drop_old_answers()
returns void
language sql volatile security invoker set search_path = ''
as $$
  update pipeline.provider_calls as c set answer = null
  where c.answer is not null and c.created_at < pipeline.now() - interval '2 days'
$$;

alter table pipeline.provider_prices enable row level security;
alter table pipeline.provider_calls enable row level security;

create policy "operators keep the prices" on pipeline.provider_prices
for all to service_role using (true) with check (true);
create policy "workers record what they pay" on pipeline.provider_calls
for all to service_role using (true) with check (true);

revoke all on table pipeline.provider_prices, pipeline.provider_calls
from public, anon, authenticated, service_role;
grant select, insert, update, delete on table pipeline.provider_prices to service_role;
grant select, insert on table pipeline.provider_calls to service_role;
grant update (answer, refused) on table pipeline.provider_calls to service_role;

revoke all on function
  pipeline.price_of(text, text, timestamptz),
  pipeline.cost_of(pipeline.provider_calls, pipeline.provider_prices),
  pipeline.record_call(jsonb),
  pipeline.find_answer(text, bigint, text),
  pipeline.forget_answers(text[], bigint[], text),
  pipeline.spent_on_day(text, uuid, timestamptz),
  pipeline.drop_old_answers()
from public, anon, authenticated;
grant execute on function
  pipeline.price_of(text, text, timestamptz),
  pipeline.cost_of(pipeline.provider_calls, pipeline.provider_prices),
  pipeline.record_call(jsonb),
  pipeline.find_answer(text, bigint, text),
  pipeline.forget_answers(text[], bigint[], text),
  pipeline.spent_on_day(text, uuid, timestamptz)
to service_role;

-- A row per paid call: what it used, what that costs by the prices of its day, and once only.
begin;
select plan(16);

select tests.people();
delete from pipeline.provider_calls;
set local pipeline.now = '2026-12-31 23:59:59+00';
-- A call by its number, with what is told of it.
create function pg_temp.pay(call int, told jsonb)
returns void language sql as $$
  select pipeline.record_call(jsonb_build_object(
    'id', ('c0000000-0000-4000-8000-' || lpad(call::text, 12, '0')), 'stage', 'ssml',
    'subject_id', -7, 'user_id', 'a0000000-0000-4000-8000-000000000001', 'attempt', 1,
    'correlation_id', 'd0000000-0000-4000-8000-000000000001', 'provider', 'gemini',
    'model', 'gemini-3.8-flash', 'request_hash', repeat('a', 64), 'ms', 900
  ) || told)
$$;
create temp view costs as
select right(c.id::text, 2)::int as call, c.cost, c.currency from pipeline.provider_calls as c;

grant select on costs to service_role;

set local role service_role;
select pg_temp.pay(1, '{"input_tokens": 1000000, "output_tokens": 80000, "thought_tokens": 20000,
  "response_id": "r1", "answer": {"text": "{}"}}');
select results_eq(
  'select cost, currency from costs where call = 1', $$ values (1.125, 'USD') $$,
  'tokens cost what the day''s price list says, thoughts as much as answers'
);
select pg_temp.pay(1, '{"input_tokens": 1}');
select results_eq(
  'select input_tokens from pipeline.provider_calls', 'values (1000000)',
  'a call that is recorded twice is one row'
);
select pg_temp.pay(2, '{"model": "gemini-3.8-flash-tts", "input_tokens": 1000, "output_tokens": 1000}');
select results_eq(
  'select cost from costs where call = 2', 'values (0.0095)', 'the longest pattern that fits counts'
);
select pg_temp.pay(3, '{"provider": "google-cloud-tts", "model": "en-US-Neural2-C", "characters": 500}');
select results_eq(
  'select cost from costs where call = 3', 'values (0.008)', 'speech costs by the character'
);
select pg_temp.pay(4, '{"model": "offline-bitstream-1"}');
select pg_temp.pay(5, '{"provider": "espeak-ng", "model": "en-US-Neural2-C", "characters": 500}');
select results_eq(
  'select cost from costs where call in (4, 5)', 'values (0::numeric), (0)',
  'the offline providers cost nothing'
);
select pg_temp.pay(6, '{"model": "gemini-9-ultra", "input_tokens": 1, "output_tokens": 1}');
select pg_temp.pay(7, '{"input_tokens": 1}');
select results_eq(
  'select cost, currency from costs where call in (6, 7) order by call',
  $$ values (null::numeric, null), (null, 'USD') $$,
  'where no price is known, or not what was used, the cost is unknown'
);
set local pipeline.now = '2027-01-01 00:00:00+00';
select pg_temp.pay(8, '{"input_tokens": 1000000, "output_tokens": 0}');
select results_eq(
  'select cost from costs where call = 8', 'values (1.5)', 'a new price holds from its first day on'
);
select throws_ok(
  $$ select pg_temp.pay(9, '{"request_hash": "a"}') $$, '23514', null, 'a hash is a SHA-256'
);

-- What it comes to.
reset role;
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/a.mp4');
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status, correlation_id)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{"style":"calm"}', 'completed',
  'd0000000-0000-4000-8000-000000000001');
set local role service_role;
select results_eq(
  $$ select calls, input_tokens, output_tokens, characters, cost, currency, unpriced_calls
     from pipeline.cost_per_recording where video_recording_id = -1 $$,
  $$ values (8::bigint, 2001002::bigint, 101001::bigint, 1000::bigint, 2.6425, 'USD', 2::bigint) $$,
  'a recording costs what all its calls cost'
);
select results_eq(
  'select day, calls, cost, unpriced_calls from pipeline.cost_per_day order by day',
  $$ values ('2026-12-31'::date, 7::bigint, 1.1425, 2::bigint), ('2027-01-01', 1, 1.5, 0) $$,
  'and its owner by the day'
);
select pg_temp.pay(10, jsonb_build_object('request_hash', repeat('b', 64)));
select pg_temp.pay(11, jsonb_build_object('request_hash', repeat('c', 64), 'refused', 'MAX_TOKENS'));
select pg_temp.pay(12, jsonb_build_object('request_hash', repeat('c', 64)));
select results_eq(
  $$ select left(request_hash, 1), calls, refused_calls from pipeline.duplicate_spend
     where subject_id = -7 order by 1 $$,
  $$ values ('a', 8::bigint, 0::bigint), ('c', 2, 1) $$,
  'what was paid twice is told, with the reason if there was one'
);

-- As docs/operations.md has it: a price that was found out later.
reset role;
insert into pipeline.provider_prices
  (provider, model, valid_from, million_input_tokens, million_output_tokens)
values ('gemini', 'gemini-9%', '2026-01-01', 1000000, 500000);
update pipeline.provider_calls as c
set cost = pipeline.cost_of(c, p), currency = (p).currency
from (
  select u.id, pipeline.price_of(u.provider, u.model, u.created_at) as p
  from pipeline.provider_calls as u where u.cost is null
) as k
where c.id = k.id;
select results_eq(
  'select cost, currency from costs where call in (6, 7) order by call',
  $$ values (1.5, 'USD'), (null, 'USD') $$, 'calls from before their price was known get it'
);

-- Nobody resets it.
delete from public.video_recordings where id = -1;
delete from auth.users where id = 'a0000000-0000-4000-8000-000000000001';
select results_eq(
  'select count(*) from pipeline.provider_calls', 'values (11::bigint)',
  'deleting the recording and the account removes no row'
);
set local role service_role;
select throws_ok('delete from pipeline.provider_calls', '42501', null, 'no worker removes one');
select throws_ok(
  'update pipeline.provider_calls set cost = 0', '42501', null, 'nor changes what it has cost'
);
reset role;
set local pipeline.now = '2028-02-05 00:00:00+00';
select pipeline.enforce_data_retention();
select results_eq(
  'select min(created_at)::date from pipeline.provider_calls', $$ values ('2027-01-01'::date) $$,
  'after 400 days it is pruned'
);

select * from finish();
rollback;

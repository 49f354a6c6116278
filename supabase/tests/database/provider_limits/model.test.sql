-- Which limit holds for a claim: that of the model that its worker is going to ask.
begin;
select plan(14);

select tests.all_stages(50);

set local role service_role;
insert into pipeline.provider_limits (provider, model, not_before) values
  ('gemini', 'held', '2030-01-01 00:04:00+00');

select is_empty(
  $$ select id from pipeline.claim_ssml(2, null, 'held') $$,
  'the first claim that names a held model gets nothing'
);
select results_eq(
  $$ select count(*) from pipeline.claim_ssml(2, null, 'free') $$, 'values (2::bigint)',
  'the first claim that names a free one is not held by the model before'
);
select results_eq(
  $$ select provider::text, requests_per_minute, burst, not_before from pipeline.provider_limits
     where model = 'free' $$,
  $$ values ('gemini', null::numeric, 10, null::timestamptz) $$,
  'a model that nobody has named before begins without limits, at the stage''s provider'
);
select results_eq(
  $$ select count(*) from pipeline.claim_analysis(2) $$, 'values (2::bigint)',
  'the other stage of that provider keeps its own model'
);

-- Two versions of a worker, which name different models, during a deployment.
select is_empty(
  $$ select id from pipeline.claim_ssml(2, null, 'held') $$, 'a worker of the old version'
);
select results_eq(
  $$ select count(*) from pipeline.claim_ssml(2, null, 'free') $$, 'values (2::bigint)',
  'and one of the new'
);
select is_empty(
  $$ select id from pipeline.claim_ssml(2, null, 'held') $$,
  'take turns, and each obeys the limit of its own model'
);

-- The tokens that are spent are those of the model that is asked.
insert into pipeline.provider_limits (provider, model, requests_per_minute, burst) values
  ('gemini', 'small', 60, 2), ('gemini', 'large', 60, 8);
select results_eq(
  $$ select count(*) from pipeline.claim_ssml(20, null, 'small') $$, 'values (2::bigint)',
  'a small bucket'
);
select results_eq(
  $$ select count(*) from pipeline.claim_ssml(20, null, 'large') $$, 'values (8::bigint)',
  'and a large one'
);
select is_empty($$ select id from pipeline.claim_ssml(20, null, 'small') $$, 'are both empty');
select is_empty($$ select id from pipeline.claim_ssml(20, null, 'large') $$, 'after that');
select results_eq(
  $$ select count(*) from pipeline.claim_analysis(1, null, 'free') $$, 'values (1::bigint)',
  'two stages may name the same model'
);

select throws_ok(
  $$ select pipeline.claim_ssml(1, null, ' ') $$, '23514', null, 'a blank is no model'
);
select results_eq(
  $$ select count(*) from pipeline.claim_audio(3, null, 'default') $$, 'values (3::bigint)',
  'naming the model that holds already changes nothing'
);

reset role;
select * from finish();
rollback;

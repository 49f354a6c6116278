-- A provider's requests per minute: a bucket of tokens per provider and model, one of which each
-- claimed item takes.
begin;
select plan(16);

select tests.all_stages(50);

update pipeline.stages set lease_seconds = 3600;

set local role service_role;
update pipeline.provider_limits set requests_per_minute = 60, burst = 5 where provider = 'gemini';
update pipeline.provider_limits set requests_per_minute = 60, burst = 10
where provider = 'google-cloud-tts';
select results_eq(
  'select count(*) from pipeline.claim_ssml(3)', 'values (3::bigint)',
  'a claim gets what it asks for while there are tokens'
);
select results_eq(
  'select tokens from pipeline.provider_limits where provider = ''gemini''', 'values (2::numeric)',
  'and takes one for each item'
);
select results_eq(
  'select count(*) from pipeline.claim_analysis(4)', 'values (2::bigint)',
  'stages that ask the same provider and model share the bucket'
);
select is_empty('select id from pipeline.claim_ssml(4)', 'an empty bucket lets nobody through');
select is_empty('select id from pipeline.claim_analysis(4)', 'of any of its stages');
select results_eq(
  'select count(*) from pipeline.claim_audio(4)', 'values (4::bigint)',
  'while another provider''s stage goes on'
);
select results_eq(
  'select tokens from pipeline.provider_limits where provider = ''google-cloud-tts''',
  'values (6::numeric)', 'from a bucket of its own'
);

set local pipeline.now = '2030-01-01 00:00:00.9+00';
select is_empty('select id from pipeline.claim_ssml(4)', 'a part of a token lets nothing through');
set local pipeline.now = '2030-01-01 00:00:02.5+00';
select results_eq(
  'select count(*) from pipeline.claim_ssml(4)', 'values (2::bigint)',
  'sixty a minute are one a second'
);
set local pipeline.now = '2030-01-01 00:00:03+00';
select results_eq(
  'select count(*) from pipeline.claim_ssml(4)', 'values (1::bigint)',
  'what was left of a token counts on'
);
set local pipeline.now = '2030-01-01 00:00:50+00';
select results_eq(
  'select count(*) from pipeline.claim_ssml(40)', 'values (5::bigint)',
  'however long the rest, no more than the burst at once'
);

-- The clock goes back, as it may when a server is replaced.
set local pipeline.now = '2030-01-01 00:00:10+00';
select is_empty('select id from pipeline.claim_ssml(4)', 'a clock that went back refills nothing');
set local pipeline.now = '2030-01-01 00:00:51+00';
select results_eq(
  'select count(*) from pipeline.claim_ssml(4)', 'values (1::bigint)',
  'nor does its coming forward again refill twice'
);

update pipeline.provider_limits set requests_per_minute = 0.5, burst = 1
where provider = 'gemini';
set local pipeline.now = '2030-01-01 00:02:50+00';
select is_empty('select id from pipeline.claim_ssml(4)', 'one in two minutes is possible');
set local pipeline.now = '2030-01-01 00:02:51+00';
select results_eq('select count(*) from pipeline.claim_ssml(4)', 'values (1::bigint)', 'and exact');
update pipeline.provider_limits set requests_per_minute = null where provider = 'gemini';
select results_eq(
  'select count(*) from pipeline.claim_ssml(7)', 'values (7::bigint)',
  'without a number there is no limit'
);

reset role;
select * from finish();
rollback;

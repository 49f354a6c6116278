-- A provider that asks to wait is asked by nobody before that time: not for the item, not for any
-- other item, and not by another stage that asks the same model.
begin;
select plan(21);

delete from public.video_recordings;
insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com');
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.video_recordings (id, user_id, filename, storage_path, upload_status)
overriding system value
select -i, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/' || i || '.mp4', 'completed'
from generate_series(1, 50) as i;
insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
select j.id, j.user_id, 1, 2, 'motion', 'low', 0.5, 'Hello' from public.analysis_jobs as j;
insert into public.analysis_ssml_segments (feedback_id, ssml)
select f.id, '<speak>a</speak>' from public.analysis_feedback as f;

set local role service_role;
create temp table ssml on commit drop as select * from pipeline.claim_ssml(5, 3600);
create temp table analysis on commit drop as select * from pipeline.claim_analysis(5, 3600);
create temp table audio on commit drop as select * from pipeline.claim_audio(5, 3600);
create temp view holds as
select l.provider, l.model, extract(epoch from l.not_before - '2030-01-01 00:00:00+00')::int as s
from pipeline.provider_limits as l where l.not_before is not null;

select is_empty('select * from holds', 'at first nothing is held');
select results_eq(
  $$ select pipeline.defer_ssml(id, lease_token, 20) from (select * from ssml limit 1) as one $$,
  $$ values ('queued') $$, 'a provider asks one item''s worker for 20 seconds'
);
select results_eq(
  'select * from holds', $$ values ('gemini', 'default', 20) $$,
  'which hold for the provider and model'
);
select is_empty('select id from pipeline.claim_ssml(5)', 'the stage''s other items wait as well');
select is_empty(
  'select id from pipeline.claim_analysis(5)', 'and those of a stage that asks it too'
);
select results_eq(
  'select count(*) from pipeline.claim_audio(5)', 'values (5::bigint)',
  'another provider is asked as before'
);
set local pipeline.now = '2030-01-01 00:00:19.999+00';
select is_empty('select id from pipeline.claim_ssml(5)', 'until the last moment');
set local pipeline.now = '2030-01-01 00:00:20+00';
select results_eq(
  'select count(*) from pipeline.claim_ssml(5)', 'values (5::bigint)', 'then all goes on'
);

-- Each stage's worker can be told to wait.
select pipeline.defer_analysis(id, lease_token, 10) from (select * from analysis limit 1) as one;
select results_eq(
  'select * from holds', $$ values ('gemini', 'default', 30) $$, 'a defer of analysis holds, too'
);
select pipeline.defer_ssml(id, lease_token, 5) from (select * from ssml offset 1 limit 1) as one;
select results_eq(
  'select * from holds', $$ values ('gemini', 'default', 30) $$,
  'a shorter wait that is asked for later does not end a longer one'
);
select pipeline.defer_audio(id, lease_token, 10) from (select * from audio limit 1) as one;
select results_eq(
  'select * from holds order by provider',
  $$ values ('gemini', 'default', 30), ('google-cloud-tts', 'default', 30) $$,
  'a defer of audio holds its own provider'
);
select results_eq(
  $$ select pipeline.defer_ssml(id, gen_random_uuid(), 500)
     from (select * from ssml limit 1) as one $$,
  $$ values ('stale') $$, 'a worker whose lease is gone'
);
select results_eq(
  'select max(s) from holds', 'values (30)', 'holds nothing'
);

-- A wait that is too long to be believed.
set local pipeline.now = '2030-01-01 00:01:00+00';
update pipeline.provider_limits set longest_pause_seconds = 100 where provider = 'gemini';
select pipeline.defer_ssml(id, lease_token, 7000) from (select * from ssml offset 2 limit 1) as one;
select results_eq(
  $$ select s from holds where provider = 'gemini' $$, 'values (160)',
  'no pause of a provider is longer than its longest'
);
select results_eq(
  $$ select f.ssml_available_at from public.analysis_feedback as f
     where f.id = (select id from ssml offset 2 limit 1) $$,
  $$ values ('2030-01-01 00:01:00+00'::timestamptz + interval '7000 seconds') $$,
  'the item itself waits as long as it was asked to'
);
select results_eq(
  $$ select pipeline.defer_ssml(id, lease_token, 9000)
     from (select * from ssml offset 3 limit 1) as one $$,
  $$ values ('failed') $$, 'an item that has to wait beyond its bound fails'
);
set local pipeline.now = '2030-01-01 00:02:40+00';
select results_eq(
  'select count(*) from pipeline.claim_ssml(1)', 'values (1::bigint)',
  'and after the longest pause the provider is asked again'
);

-- A stage that asks another model of the same provider.
select results_eq(
  $$ select count(*) from pipeline.claim_analysis(2, null, 'other') $$, 'values (2::bigint)',
  'a worker names the model that it is going to ask'
);
select results_eq(
  $$ select l.model, s.stage from pipeline.provider_limits as l
     left join pipeline.stages as s using (provider, model) where l.provider = 'gemini'
     order by l.model $$,
  $$ values ('default', 'ssml'), ('other', 'analysis') $$,
  'whose row is there from now on, and holds for the stage'
);
select pipeline.defer_ssml(id, lease_token, 30) from (select * from ssml offset 4 limit 1) as one;
select is_empty('select id from pipeline.claim_ssml(2)', 'while one model is held');
select results_eq(
  'select count(*) from pipeline.claim_analysis(2)', 'values (2::bigint)',
  'the stage that asks another goes on, also where no model is named again'
);

reset role;
select * from finish();
rollback;

-- A provider that keeps failing is left alone for a while, then asked by one item at a time until
-- it answers again.
begin;
select plan(33);

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

create temp table leases (id bigint, lease_token uuid, place int generated always as identity);
grant all on leases to service_role;
set local role service_role;
insert into leases select id, lease_token from pipeline.claim_ssml(30, 3600);

-- How the worker of the nth claimed item reports it.
create function pg_temp.fail(nth int, error_code text)
returns text language sql as $$
  select pipeline.fail_ssml(l.id, l.lease_token, fail.error_code, 'It failed.', true)
  from leases as l where l.place = fail.nth
$$;
create function pg_temp.complete(nth int)
returns text language sql as $$
  select c.outcome from leases as l, pipeline.complete_ssml(jsonb_build_array(jsonb_build_object(
    'id', l.id, 'lease_token', l.lease_token, 'provider', 'gemini', 'version', '1',
    'segments', '[{"segment_index":0,"ssml":"<speak>b</speak>"}]'::jsonb
  ))) as c where l.place = complete.nth
$$;
create temp view circuit as
select l.failures, l.open_until from pipeline.provider_limits as l where l.provider = 'gemini';

-- Closed: failures are counted.
select results_eq(
  $$ select distinct pg_temp.fail(i, 'provider_unavailable') from generate_series(1, 4) as i $$,
  $$ values ('queued') $$, 'four items in a row find the provider unavailable'
);
select results_eq(
  'select * from circuit', 'values (4, null::timestamptz)', 'which is one too few'
);
select results_eq($$ select pg_temp.complete(5) $$, $$ values ('completed') $$, 'it answers once');
select results_eq(
  'select * from circuit', 'values (0, null::timestamptz)', 'and the count begins anew'
);
select pg_temp.fail(6, code) from (values ('provider_timeout')) as c (code);
select pg_temp.fail(7, code) from (values ('internal_error')) as c (code);
select pg_temp.fail(8, code) from (values ('invalid_model_output')) as c (code);
select results_eq(
  'select * from circuit', 'values (0, null::timestamptz)', 'other errors say nothing about it'
);
select results_eq(
  $$ select pipeline.fail_ssml(l.id, gen_random_uuid(), 'provider_unavailable', 'No.', true)
     from leases as l where l.place = 9 $$,
  $$ values ('stale') $$, 'nor does a worker whose lease is gone'
);
select results_eq('select * from circuit', 'values (0, null::timestamptz)', 'count');

select pg_temp.fail(i, 'provider_unavailable') from generate_series(10, 13) as i;
select results_eq(
  $$ select pipeline.fail_analysis(c.id, c.lease_token, 'provider_unavailable', 'No.', false)
     from pipeline.claim_analysis(1) as c $$,
  $$ values ('failed') $$, 'the fifth failure may be another stage''s, and final for its item'
);
select results_eq(
  'select * from circuit', $$ values (5, '2030-01-01 00:00:30+00'::timestamptz) $$,
  'then the circuit opens'
);

-- Open: nobody is let through.
select is_empty('select id from pipeline.claim_ssml(3)', 'nothing is claimed');
select is_empty('select id from pipeline.claim_analysis(3)', 'by any stage that asks it');
select results_eq(
  'select count(*) from pipeline.claim_audio(3)', 'values (3::bigint)', 'other providers are asked'
);
select pg_temp.fail(14, 'provider_unavailable');
select results_eq(
  'select * from circuit', $$ values (6, '2030-01-01 00:00:30+00'::timestamptz) $$,
  'what fails meanwhile was under way before, and does not prolong it'
);

-- Half open: one probe.
set local pipeline.now = '2030-01-01 00:00:30+00';
insert into leases overriding system value
select id, lease_token, 101 from pipeline.claim_ssml(5, 3600);
select results_eq(
  'select count(*) from leases where place = 101', 'values (1::bigint)',
  'after thirty seconds one item is let through, however many were asked for'
);
select is_empty('select id from pipeline.claim_ssml(5)', 'and no other one');
select is_empty('select id from pipeline.claim_analysis(5)', 'of no stage');
select results_eq(
  $$ select pg_temp.fail(101, 'provider_unavailable') $$, $$ values ('queued') $$, 'it fails'
);
select results_eq(
  'select open_until from circuit', $$ values ('2030-01-01 00:01:30+00'::timestamptz) $$,
  'and the circuit stays open twice as long'
);
set local pipeline.now = '2030-01-01 00:01:29.999+00';
select is_empty('select id from pipeline.claim_ssml(5)', 'all that time');
set local pipeline.now = '2030-01-01 00:01:30+00';
select results_eq(
  'select count(*) from pipeline.claim_ssml(5, 10)', 'values (1::bigint)', 'before the next probe'
);
select results_eq(
  'select open_until from circuit', $$ values ('2030-01-01 00:03:30+00'::timestamptz) $$,
  'whose worker dies; that doubles the time as well'
);
set local pipeline.now = '2030-01-01 00:03:30+00';
select results_eq(
  'select count(*) from pipeline.claim_ssml(5, 10)', 'values (1::bigint)', 'the third probe'
);
set local pipeline.now = '2030-01-01 00:07:30+00';
select results_eq(
  'select count(*) from pipeline.claim_ssml(5, 10)', 'values (1::bigint)', 'and the fourth'
);
select results_eq(
  'select open_until from circuit', $$ values ('2030-01-01 00:12:30+00'::timestamptz) $$,
  'but it is never open longer than its longest'
);

-- A probe that is answered closes it.
set local pipeline.now = '2030-01-01 00:12:30+00';
insert into leases overriding system value
select id, lease_token, 102 from pipeline.claim_ssml(5, 3600);
select results_eq(
  'select count(*) from leases where place = 102', 'values (1::bigint)', 'the fifth probe'
);
select results_eq($$ select pg_temp.complete(102) $$, $$ values ('completed') $$, 'is answered');
select results_eq(
  'select * from circuit', 'values (0, null::timestamptz)', 'and the circuit is closed'
);
select results_eq(
  'select count(*) from pipeline.claim_ssml(5)', 'values (5::bigint)', 'all goes on as before'
);
select pg_temp.fail(i, 'provider_unavailable') from generate_series(15, 19) as i;
select results_eq(
  'select open_until from circuit', $$ values ('2030-01-01 00:13:00+00'::timestamptz) $$,
  'and when it opens again, it begins with the short time'
);

-- A circuit and the other limits at once.
set local pipeline.now = '2030-01-01 00:13:00+00';
update pipeline.provider_limits set requests_per_minute = 60, burst = 5, refilled_at = '-infinity'
where provider = 'gemini';
select results_eq(
  'select count(*) from pipeline.claim_ssml(5, 10)', 'values (1::bigint)',
  'a full bucket does not let more than the probe through'
);
set local pipeline.now = '2030-01-01 00:14:00+00';
update pipeline.provider_limits set not_before = '2030-01-01 00:15:00+00' where provider = 'gemini';
select is_empty('select id from pipeline.claim_ssml(5)', 'a pause holds the probe back, too');
set local pipeline.now = '2030-01-01 00:15:00+00';
update pipeline.stages set enabled = false where stage = 'ssml';
select is_empty('select id from pipeline.claim_ssml(5)', 'a stage that is paused does not probe');
select results_eq(
  'select count(*) from pipeline.claim_analysis(5, 10)', 'values (1::bigint)',
  'which leaves the probe to the other one'
);

reset role;
select * from finish();
rollback;

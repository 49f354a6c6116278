-- A claim reads the rows that it takes, whatever the depth of the queue and of the history. Its
-- statements are planned while the tables are empty, as after a fresh start, and kept.
begin;
select plan(8);

delete from public.video_recordings;
insert into auth.users (id, email) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com');
do $$ begin
  for i in 1..7 loop
    perform pipeline.claim_analysis(5), pipeline.claim_ssml(5), pipeline.claim_audio(5);
  end loop;
end $$;
insert into public.video_recordings (id, user_id, filename, storage_path, upload_status)
overriding system value
select i, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/' || i || '.mp4', 'completed'
from generate_series(1, 4000) as i;
insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message)
select id, user_id, 1, 2, 'motion', 'low', 0.5, 'Hello' from public.analysis_jobs;
update public.analysis_jobs set status = 'completed', available_at = null
where video_recording_id <= 2000;
insert into public.analysis_ssml_segments (feedback_id, ssml)
select id, '<speak>a</speak>' from public.analysis_feedback;
update public.analysis_feedback set ssml_status = 'completed', ssml_available_at = null
where id % 2 = 0;

-- What a table has been read so far in this transaction: sequential scans and rows by index.
create temp view reads as
select relname, coalesce(seq_scan, 0) as scans, coalesce(idx_tup_fetch, 0) as fetched
from pg_stat_xact_user_tables
where relname in ('analysis_jobs', 'analysis_feedback', 'video_recordings',
  'analysis_ssml_segments');
create temp table before on commit drop as select * from reads;

select results_eq(
  $$ select count(*) from pipeline.claim_analysis(5) $$, $$ values (5::bigint) $$,
  'five items of analysis are claimed'
);
select is_empty(
  $$ select r.relname, r.scans - b.scans, r.fetched - b.fetched
     from reads as r join before as b using (relname)
     where r.scans > b.scans or r.fetched > b.fetched + 60 $$,
  'no table is scanned, and few rows are read, to claim analysis'
);
delete from before;
insert into before select * from reads;

select results_eq(
  $$ select count(*) from pipeline.claim_ssml(5) $$, $$ values (5::bigint) $$,
  'five items of ssml are claimed'
);
select is_empty(
  $$ select r.relname, r.scans - b.scans, r.fetched - b.fetched
     from reads as r join before as b using (relname)
     where r.scans > b.scans or r.fetched > b.fetched + 60 $$,
  'no table is scanned, and few rows are read, to claim ssml'
);
delete from before;
insert into before select * from reads;

select results_eq(
  $$ select count(*) from pipeline.claim_audio(5) $$, $$ values (5::bigint) $$,
  'five items of audio are claimed'
);
select is_empty(
  $$ select r.relname, r.scans - b.scans, r.fetched - b.fetched
     from reads as r join before as b using (relname)
     where r.scans > b.scans or r.fetched > b.fetched + 60 $$,
  'no table is scanned, and few rows are read, to claim audio'
);
delete from before;
insert into before select * from reads;

update public.analysis_feedback
set audio_status = 'queued', audio_lease_token = null
where audio_status = 'processing';
delete from before;
insert into before select * from reads;
select results_eq(
  $$ with claimed as (select * from pipeline.claim_ssml(5))
     select count(*) from claimed,
       pipeline.complete_ssml(jsonb_build_array(jsonb_build_object(
         'id', claimed.id, 'lease_token', claimed.lease_token, 'provider', 'gemini',
         'version', 'v1', 'segments', '[{"segment_index":0,"ssml":"<speak>b</speak>"}]'::jsonb
       ))) as c where c.outcome = 'completed' $$,
  $$ values (5::bigint) $$, 'five items of ssml are completed'
);
select is_empty(
  $$ select r.relname, r.scans - b.scans, r.fetched - b.fetched
     from reads as r join before as b using (relname)
     where r.scans > b.scans or r.fetched > b.fetched + 120 $$,
  'no table is scanned, and few rows are read, to complete them'
);

select * from finish();
rollback;

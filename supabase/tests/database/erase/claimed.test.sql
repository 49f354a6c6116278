-- What a claim of stage erase gives out: objects that are there and that no row names.
begin;
select plan(17);

delete from pipeline.erasures;
select tests.people();
insert into public.video_recordings (id, user_id, filename, storage_path)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
  'a0000000-0000-4000-8000-000000000001/named.mp4');
insert into storage.objects (bucket_id, name, created_at, updated_at)
select 'raw', 'a0000000-0000-4000-8000-000000000001/' || n.name, n.at, n.at from (values
  ('named.mp4', '2029-12-31'::timestamptz), ('unnamed.mp4', '2029-12-31'),
  ('missing.mp4', '2029-12-31'), ('stored-since.mp4', '2030-01-01 00:00:01+00')
) as n (name, at);
set local pipeline.now = '2030-01-01 00:00:00+00';
select is(
  pipeline.ask_erasure(
    array['raw', 'raw', 'raw', 'raw', 'raw'], array[
      'a0000000-0000-4000-8000-000000000001/named.mp4',
      'a0000000-0000-4000-8000-000000000001/unnamed.mp4',
      'a0000000-0000-4000-8000-000000000001/stored-since.mp4',
      'a0000000-0000-4000-8000-000000000001/missing.mp4',
      'a0000000-0000-4000-8000-000000000001/never.mp4'
    ], 'row_deleted'
  ), 4, 'what is stored is asked for'
);
select is(
  pipeline.ask_erasure(array['gemini-files'], array['files/a'], 'provider_copy'), 1,
  'and a copy of the provider''s'
);
select set_config('storage.allow_delete_query', 'true', true);
delete from storage.objects where name like '%/missing.mp4';
set local pipeline.now = '2030-01-01 00:00:10+00';

set local role service_role;
create temp table held on commit drop as select * from pipeline.claim_erase();
reset role;
select set_eq(
  $$ select bucket, right(path, 11) from held $$,
  $$ values ('raw', 'unnamed.mp4'), ('gemini-files', 'files/a') $$,
  'given out are those that are there, and that no row names'
);
select set_eq(
  $$ select substr(path, 38), status::text from pipeline.erasures where bucket = 'raw' $$,
  $$ values ('unnamed.mp4', 'processing'), ('missing.mp4', 'completed') $$,
  'what is named or was stored since is spared, what is missing is done'
);
select is_empty('select * from pipeline.violations', 'no rule is broken');

select throws_ok(
  $$ insert into public.video_recordings (user_id, filename, storage_path) values
     ('a0000000-0000-4000-8000-000000000001', 'a',
       'a0000000-0000-4000-8000-000000000001/unnamed.mp4') $$,
  'PT409', null, 'nobody names an object while it is being erased'
);
select lives_ok(
  $$ insert into public.video_recordings (user_id, filename, storage_path) values
     ('a0000000-0000-4000-8000-000000000001', 'a',
       'a0000000-0000-4000-8000-000000000001/missing.mp4') $$,
  'but after it, for a video that is yet to come'
);
select results_eq(
  $$ select outcome from pipeline.complete_erase(
       (select jsonb_agg(jsonb_build_object('id', h.id, 'lease_token',
         case h.bucket when 'raw' then h.lease_token else gen_random_uuid() end) order by h.bucket)
        from held as h)) $$,
  $$ values ('stale'), ('completed') $$, 'done is who holds the lease'
);
select results_eq(
  $$ select status::text, attempts from pipeline.erasures where bucket = 'raw' $$,
  $$ values ('completed', 1) $$, 'it is remembered'
);
select results_eq(
  $$ select pipeline.fail('erase', h.id, h.lease_token, 'internal_error', 'No.', true)
     from held as h where h.bucket = 'gemini-files' $$,
  $$ values ('queued') $$, 'what could not be erased is tried again'
);

-- Names of what was erased: sound is named once it is there.
insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status)
overriding system value
values (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{"style":"calm"}', 'completed');
select tests.remarks(-1, -2);
insert into public.analysis_ssml_segments (feedback_id, ssml)
values (-1, '<speak>a</speak>'), (-2, '<speak>a</speak>');
insert into pipeline.erasures (bucket, path, user_id, reason, status, attempts) values
  ('processed', 'a/s.wav', 'a0000000-0000-4000-8000-000000000001', 'row_deleted', 'completed', 1);
prepare name_it as insert into public.analysis_audio_segments
  (feedback_id, audio_url, format, duration_ms, provider) values ($1, 'a/s.wav', 'wav', 1, 'a');
select throws_ok(
  'execute name_it(-1)', 'PT409', null, 'sound that was erased since it was stored is not named'
);
insert into storage.objects (bucket_id, name) values ('processed', 'a/s.wav');
select lives_ok('execute name_it(-1)', 'sound that was stored again is');
select is_empty(
  $$ select from pipeline.erasures where path = 'a/s.wav' $$, 'and nothing asks for it any more'
);

-- Two rows name one object.
select lives_ok('execute name_it(-2)', 'a second row names the same sound');
delete from public.analysis_audio_segments where feedback_id = -1;
set local pipeline.now = '2030-01-01 00:00:11+00';
select is_empty(
  'select from pipeline.claim_erase()', 'the object stays while another row names it'
);
delete from public.analysis_audio_segments where feedback_id = -2;
update storage.objects set updated_at = '2029-12-31', created_at = '2029-12-31'
where name = 'a/s.wav';
update storage.objects set updated_at = '2029-12-31' where name = 'a/s.wav';
select results_eq(
  'select path from pipeline.claim_erase()', $$ values ('a/s.wav') $$, 'and goes with the last one'
);
select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

-- Audio is handed in whole, once, by the holder of the lease, a piece for each SSML segment.
begin;
select plan(11);

set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.remark();
insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml) values
  (-1, 0, '<speak>a</speak>'), (-1, 1, '<speak>b</speak>');
update public.analysis_feedback
set ssml_status = 'completed', audio_status = 'processing', audio_attempts = 1,
  audio_error_code = 'x'
where id = -1;
update pipeline.tasks
set stage = 'audio', turn = null, attempts = 1, available_at = '2030-01-01 00:01:00+00',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where stage = 'ssml' and subject_id = -1;
create temp table result (item jsonb) on commit drop;
grant select on result to service_role;
insert into result values ('{
  "id": -1, "lease_token": "c0000000-0000-4000-8000-00000000000c",
  "provider": "google-cloud-tts", "version": "en-US-Neural2-C",
  "segments": [
    {"segment_index": 1, "audio_url": "a/1.wav", "format": "wav", "duration_ms": 700},
    {"segment_index": 0, "audio_url": "a/0.wav", "format": "wav", "duration_ms": 600}
  ]
}');

set local role service_role;
select results_eq(
  $$ select c.* from result, pipeline.complete_audio(jsonb_build_array(
       item || '{"lease_token": "d0000000-0000-4000-8000-00000000000d"}')) as c $$,
  $$ values (-1::bigint, 'stale') $$, 'a wrong token is stale'
);
select is_empty(
  $$ select id from public.analysis_audio_segments where feedback_id = -1 $$, 'and writes nothing'
);
select throws_ok(call, code, message, what)
from (values
  ($$ select pipeline.complete_audio(jsonb_build_array(item #- '{segments,0}')) from result $$,
    'SL004', 'feedback -1: its audio and SSML segments differ', 'a missing piece is refused'),
  ($$ select pipeline.complete_audio(jsonb_build_array(jsonb_set(
       item, '{segments,0,segment_index}', '2'))) from result $$, 'SL004',
    'feedback -1: its audio and SSML segments differ', 'a piece of nothing is refused')
) as refused (call, code, message, what);
select results_eq(
  $$ select audio_status::text from public.analysis_feedback where id = -1 $$,
  $$ values ('processing') $$, 'what was refused changed nothing'
);
select results_eq(
  $$ select c.* from result, pipeline.complete_audio(jsonb_build_array(item)) as c $$,
  $$ values (-1::bigint, 'completed') $$, 'the lease''s holder completes it'
);
select results_eq(
  $$ select audio_status::text, audio_error_code from public.analysis_feedback where id = -1 $$,
  $$ values ('completed', null::text) $$, 'audio is completed'
);
select is_empty('select from pipeline.tasks where stage <> ''upload''', 'and out of the queue');
select results_eq(
  $$ select segment_index, audio_url, format, duration_ms, provider::text, version::text
     from public.analysis_audio_segments where feedback_id = -1 order by segment_index $$,
  $$ values (0, 'a/0.wav', 'wav', 600, 'google-cloud-tts', 'en-US-Neural2-C'),
     (1, 'a/1.wav', 'wav', 700, 'google-cloud-tts', 'en-US-Neural2-C') $$,
  'its segments are written'
);
select results_eq(
  $$ select c.* from result, pipeline.complete_audio(jsonb_build_array(item)) as c $$,
  $$ values (-1::bigint, 'stale') $$, 'handing in again is stale'
);
select is_empty('select * from pipeline.violations', 'and no rule is broken');

reset role;
select * from finish();
rollback;

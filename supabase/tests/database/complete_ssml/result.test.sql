-- SSML is handed in whole, once, by the holder of the lease; it queues the audio.
begin;
select plan(9);

set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.remark();
update public.analysis_feedback
set ssml_status = 'processing', ssml_attempts = 1, ssml_error_code = 'x' where id = -1;
update pipeline.tasks
set turn = null, attempts = 1, available_at = '2030-01-01 00:01:00+00',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where stage = 'ssml' and subject_id = -1;
create temp table result (item jsonb) on commit drop;
grant select on result to service_role;
insert into result values ('{
  "id": -1, "lease_token": "c0000000-0000-4000-8000-00000000000c",
  "provider": "template", "version": "offline-ssml-1",
  "segments": [
    {"segment_index": 0, "ssml": "<speak>Hello</speak>"},
    {"segment_index": 1, "ssml": "<speak>again</speak>"}
  ]
}');

set local role service_role;
select results_eq(
  $$ select c.* from result, pipeline.complete_ssml(jsonb_build_array(
       item || '{"lease_token": "d0000000-0000-4000-8000-00000000000d"}')) as c $$,
  $$ values (-1::bigint, 'stale') $$, 'a wrong token is stale'
);
select is_empty(
  $$ select id from public.analysis_ssml_segments where feedback_id = -1 $$, 'and writes nothing'
);
select throws_ok(
  $$ select pipeline.complete_ssml(jsonb_build_array(item || '{"segments": null}')) from result $$,
  'SL004', null, 'SSML has a list of segments'
);
select results_eq(
  $$ select c.* from result, pipeline.complete_ssml(jsonb_build_array(item)) as c $$,
  $$ values (-1::bigint, 'completed') $$, 'the lease''s holder completes it'
);
select results_eq(
  $$ select ssml_status::text, ssml_error_code, audio_status::text
     from public.analysis_feedback where id = -1 $$,
  $$ values ('completed', null::text, 'queued') $$, 'SSML is completed'
);
select results_eq(
  $$ select stage, turn is not null, available_at from pipeline.tasks
     where stage <> 'upload' and subject_id = -1 $$,
  $$ values ('audio', true, '2030-01-01 00:00:00+00'::timestamptz) $$, 'and its audio is ready'
);
select results_eq(
  $$ select segment_index, ssml::text, provider::text, version::text from public.analysis_ssml_segments
     where feedback_id = -1 order by segment_index $$,
  $$ values (0, '<speak>Hello</speak>', 'template', 'offline-ssml-1'),
     (1, '<speak>again</speak>', 'template', 'offline-ssml-1') $$,
  'its segments are written'
);
select results_eq(
  $$ select c.* from result, pipeline.complete_ssml(jsonb_build_array(item)) as c $$,
  $$ values (-1::bigint, 'stale') $$, 'handing in again is stale'
);

reset role;
select pipeline.enqueue('ssml', array[-1], array['a0000000-0000-4000-8000-000000000001'::uuid]);
update public.analysis_feedback
set ssml_status = 'processing', ssml_attempts = 1, ssml_error_code = 'x' where id = -1;
update pipeline.tasks
set turn = null, attempts = 1, available_at = '2030-01-01 00:01:00+00',
  lease_token = 'c0000000-0000-4000-8000-00000000000c'
where stage = 'ssml' and subject_id = -1;
update public.analysis_feedback set message = 'Other words' where id = -1;
select results_eq(
  $$ select c.* from result, pipeline.complete_ssml(jsonb_build_array(item)) as c $$,
  $$ values (-1::bigint, 'stale') $$, 'SSML of words that changed meanwhile is stale'
);

select * from finish();
rollback;

-- What a stage was given and cannot use, the stage before makes again, once.
begin;
select plan(12);

delete from public.video_recordings;
set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.remark();

create function pg_temp.write_and_claim()
returns void language plpgsql as $$
begin
  perform pipeline.complete_ssml((
    select jsonb_agg(jsonb_build_object('id', c.id, 'lease_token', c.lease_token,
      'provider', 'gemini', 'version', '1',
      'segments', '[{"segment_index": 0, "ssml": "<speak>a</speak>"}]'::jsonb))
    from pipeline.claim_ssml(1) as c
  ));
  perform pipeline.claim_audio(1);
end
$$;
create function pg_temp.send_back(stage text)
returns text language sql as $$
  select pipeline.send_back(t.stage, t.subject_id, t.lease_token, 'ssml_refused', 'Bad markup.')
  from pipeline.tasks as t where t.stage = send_back.stage
$$;
select pg_temp.write_and_claim();
set local role service_role;
select results_eq(
  $$ select pipeline.send_back('audio', -1, gen_random_uuid(), 'ssml_refused', 'No.') $$,
  $$ values ('stale') $$, 'a wrong token changes nothing'
);
reset role;
select results_eq(
  $$ select pg_temp.send_back('audio') $$, $$ values ('sent_back') $$,
  'audio sends refused markup back'
);
select results_eq(
  $$ select ssml_status::text, ssml_attempts, ssml_error_code, audio_status::text, audio_error_code,
       audio_last_error from public.analysis_feedback where id = -1 $$,
  $$ values ('queued', 0, 'ssml_refused', 'queued', 'ssml_refused', 'Bad markup.') $$,
  'both stages are queued, and say why'
);
select results_eq(
  $$ select stage, rounds::int, refused::text from pipeline.tasks where stage <> 'upload' $$,
  $$ values ('ssml', 1, 'Bad markup.') $$, 'the markup is ready, the audio waits for it'
);
select is_empty('select * from pipeline.violations', 'and no rule is broken');
create temp table again on commit drop as select * from pipeline.claim_ssml(1);
select results_eq(
  'select id, refused::text from again', $$ values (-1::bigint, 'Bad markup.') $$,
  'its worker is told what was refused'
);
select pipeline.complete_ssml(jsonb_agg(jsonb_build_object('id', a.id, 'lease_token',
  a.lease_token, 'provider', 'template', 'version', '1',
  'segments', '[{"segment_index": 0, "ssml": "<speak>b</speak>"}]'::jsonb)))
from again as a;
select pipeline.claim_audio(1);
select results_eq(
  $$ select pg_temp.send_back('audio') $$, $$ values ('failed') $$, 'a second time it fails'
);
select results_eq(
  $$ select audio_status::text, audio_error_code, ssml_status::text from public.analysis_feedback $$,
  $$ values ('failed', 'ssml_refused', 'completed') $$, 'with the reason'
);
select results_eq(
  $$ select pipeline.requeue_feedback(-1, 'audio') $$, $$ values ('queued') $$,
  'a retry of it goes the same way'
);
select results_eq(
  $$ select f.ssml_status::text, f.audio_status::text, t.stage, t.refused::text from public.analysis_feedback as f
     join pipeline.tasks as t on t.subject_id = f.id and t.stage <> 'upload' $$,
  $$ values ('queued', 'queued', 'ssml', 'Bad markup.') $$, 'other markup is written first'
);
select pipeline.claim_ssml(1);
select results_eq(
  $$ select pg_temp.send_back('ssml') $$, $$ values ('failed') $$,
  'a stage that has nobody to send to fails'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

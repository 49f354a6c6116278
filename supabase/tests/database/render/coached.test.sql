-- The coached video of a recording: composed and started in one call, when its feedback is there.
begin;
select plan(18);

delete from public.video_recordings;
select tests.users('owner', 'other');
insert into storage.objects (bucket_id, name)
select b, md5('owner')::uuid || n
from (values ('raw', '/a.mp4'), ('processed', '/1.wav'), ('processed', '/2.wav')) as o (b, n);
insert into public.video_recordings
  (id, user_id, filename, storage_path, upload_status, duration_seconds, language)
overriding system value
values (-1, md5('owner')::uuid, 'a.mp4', md5('owner')::uuid || '/a.mp4', 'completed', 20, 'ar');
-- Asked for in Arabic, written in German.
update public.analysis_jobs set status = 'completed', language = 'de'
where video_recording_id = -1;
delete from pipeline.tasks where stage = 'analysis';
insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
  category, severity, confidence, message, drill)
overriding system value
select i, j.id, j.user_id, 10 - 2 * i, 12 - 2 * i, 'motion', 'high', 0.5, 'Remark ' || i, d
from public.analysis_jobs as j,
(values
  -- With its drill a remark may be longer than a text.
  (1, 'Hop.'), (2, null), (3, repeat('d', 2000))
) as r (i, d);
create function pg_temp.refusal(statement text)
returns text language plpgsql as $$
declare
  v_state text;
  v_code text;
begin
  execute statement;
  return 'taken';
exception when others then
  get stacked diagnostics v_state = returned_sqlstate, v_code = pg_exception_detail;
  return concat_ws(' ', v_state, nullif(v_code, ''));
end
$$;
create function pg_temp.compose(options jsonb default '{}')
returns text language sql as $$
  select pg_temp.refusal(
    format('select public.compose_coached_render(-1, %L)', compose.options)
  )
$$;
select tests.act_as('other');
select is(pg_temp.compose(), 'PT404', 'a recording of somebody else is not found');
select tests.sign_in('owner');
select is(pg_temp.compose(), 'PT409 feedback_incomplete', 'speech under way is waited for');
reset role;

-- The third remark's speech fails: it is read only.
delete from pipeline.tasks where stage = 'ssml';
insert into public.analysis_ssml_segments (feedback_id, ssml)
values (1, '<speak>a</speak>'), (2, '<speak>a</speak>');
insert into public.analysis_audio_segments (feedback_id, audio_url, format, duration_ms, provider)
values (1, md5('owner')::uuid || '/1.wav', 'wav', 1500, 'p'),
  (2, md5('owner')::uuid || '/2.wav', 'wav', 2500, 'p');
update public.analysis_feedback set ssml_status = 'completed', audio_status = 'completed'
where id < 3;
update public.analysis_feedback set ssml_status = 'failed', ssml_error_code = 'ssml_invalid'
where id = 3;
set local role authenticated;
select is(pg_temp.compose(o.options::jsonb), o.refusal, o.options)
from (values
  ('{"mode": "loud"}', 'PT422 mode_unknown'), ('{"captions": "yes"}', 'PT422 captions_invalid'),
  ('{"size": 4320}', 'PT422 size_unknown'), ('{"shape": "round"}', 'PT422 shape_unknown'),
  ('{"fps": 0}', 'PT422 fps_out_of_range'), ('{"loud": 1}', 'PT422 options_invalid'),
  ('{"format": "gif"}', 'PT422 format_unknown'), ('[]', 'PT422 options_invalid')
) as o (options, refusal);
select is_empty('select from public.render_jobs', 'what was refused wrote nothing');
select is(pg_temp.compose('{"shape": "portrait", "size": 480.0}'), 'taken', 'it is composed');
select is((j.options ->> 'size') || ' ' || j.width, '480 480', 'a size may be written with a point')
from public.render_jobs as j where j.id = (select max(id) from public.render_jobs);
reset role;
select results_eq(
  'select width, height, format, fps, status::text, options from public.render_jobs',
  $$ values (480, 852, 'mp4', 30, 'queued',
    '{"mode": "freeze", "captions": true, "size": 480, "shape": "portrait"}'::jsonb) $$,
  'with its defaults, and started'
);
create temp table claimed on commit drop as
select c.elements, c.coaching from pipeline.claim_render() as c;
select results_eq(
  $$ select jsonb_path_query_array(elements, '$[*].path'), coaching - 'remarks' from claimed $$,
  format($$ values ('["%1$s/a.mp4"]'::jsonb, '{"mode": "freeze", "captions": true, "source":
    {"bucket": "raw", "path": "%1$s/a.mp4", "duration_seconds": 20}}'::jsonb) $$,
    md5('owner')::uuid),
  'a worker is given the clip'
);
select results_eq(
  $$ select coaching -> 'remarks' from claimed $$,
  format($$ values ('[
    {"feedback_id": 3, "start_seconds": 4, "end_seconds": 6, "message": "Remark 3 %2$s",
      "language": "de", "severity": "high", "audio": []},
    {"feedback_id": 2, "start_seconds": 6, "end_seconds": 8, "message": "Remark 2",
      "language": "de", "severity": "high", "audio": [{"path": "%1$s/2.wav", "format": "wav",
      "duration_ms": 2500, "captions_path": null}]},
    {"feedback_id": 1, "start_seconds": 8, "end_seconds": 10, "message": "Remark 1 Hop.",
      "language": "de", "severity": "high", "audio": [{"path": "%1$s/1.wav", "format": "wav",
      "duration_ms": 1500, "captions_path": null}]}]'::jsonb) $$,
    md5('owner')::uuid, repeat('d', 2000)),
  'and the remarks in the order of their moments, with what is said at each'
);
set local storage.allow_delete_query = 'true';
delete from storage.objects where name like '%/1.wav';
set local role authenticated;
select is(pg_temp.compose(), 'PT422 element_missing', 'sound that is gone is missed at once');
reset role;
select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

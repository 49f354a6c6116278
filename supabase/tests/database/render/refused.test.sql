-- What cannot be rendered is refused at once, with a code and a sentence, and nothing is written.
begin;
select plan(41);

delete from public.video_recordings;
select tests.users('owner', 'other');
insert into storage.objects (bucket_id, name)
select 'raw', md5(name)::uuid || '/a.mp4' from unnest(array['owner', 'other']) as name;
insert into public.video_recordings (user_id, filename, storage_path, duration_seconds)
select md5(name)::uuid, 'a.mp4', md5(name)::uuid || '/a.mp4', 20
from unnest(array['owner', 'other']) as name;
create function pg_temp.refusal(statement text)
returns text language plpgsql as $$
declare
  v_state text;
  v_code text;
  v_says text;
begin
  execute statement;
  return 'taken';
exception when others then
  get stacked diagnostics v_state = returned_sqlstate, v_code = pg_exception_detail,
    v_says = message_text;
  return concat_ws(' ', v_state, nullif(v_code, ''), case when v_says !~ '^[A-Z].*[.]$'
    and v_state = 'PT422' then 'without a sentence' end);
end
$$;
create function pg_temp.create_with(arguments text)
returns text language sql as $$
  select pg_temp.refusal('select public.create_render_job(' || arguments || ')')
$$;
create function pg_temp.add_with(arguments text)
returns text language sql as $$
  select pg_temp.refusal(format('select public.add_render_element(%s, %s)',
    (select max(j.id) from public.render_jobs as j), arguments))
$$;
select tests.act_as('owner');

select is(pg_temp.create_with(c.arguments), c.refusal, c.arguments)
from (values
  ('''mp4'', 1280, 720, 30', 'taken'),
  ('''avi'', 1280, 720, 30', 'PT422 format_unknown'),
  ('null, 1280, 720, 30', 'PT422 format_unknown'),
  ('''mp4'', 7680, 4320, 30', 'PT422 frame_size_out_of_range'),
  ('''mp4'', 2147483647, 2147483647, 30', 'PT422 frame_size_out_of_range'),
  ('''mp4'', 3840, 3840, 30', 'PT422 frame_size_out_of_range'),
  ('''mp4'', -640, 360, 30', 'PT422 frame_size_out_of_range'),
  ('''mp4'', 641, 360, 30', 'PT422 frame_size_odd'),
  ('''mp4'', 640, 360, 0', 'PT422 fps_out_of_range'),
  ('''mp4'', 640, 360, 240', 'PT422 fps_out_of_range'),
  ('''mp4'', 640, 360, 30, ''soon''', 'PT422 response_type_unknown'),
  ('''mp4'', 640, 360, 30, options => ''{"mode": "freeze"}''', 'PT422 options_invalid'),
  ('''mp4'', 640, 360, 30, options => ''7''', 'PT422 options_invalid'),
  ('''mp4'', 640, 360, 30, options => ''{"duration_seconds": 1e-400}''',
    'PT422 duration_out_of_range'),
  ('''mp4'', 640, 360, 30, options => ''{"duration_seconds": "9"}''',
    'PT422 duration_out_of_range'),
  ('''mp4'', 640, 360, 30, options => ''{"background": "red; x"}''', 'PT422 background_invalid')
) as c (arguments, refusal);
select results_eq('select count(*) from public.render_jobs', 'values (1::bigint)',
  'nothing of what was refused was written');
select is(
  pg_temp.refusal('select public.start_render(id) from public.render_jobs'),
  'PT422 nothing_to_render', 'nothing is no video'
);
select public.cancel_render_job(id) from public.render_jobs;
select is(
  pg_temp.refusal('select public.retry_render(id) from public.render_jobs'),
  'PT422 nothing_to_render', 'nor another time'
);

select public.create_render_job('mp4', 640, 360, 30, options => '{"duration_seconds": 10}');
select is(
  pg_temp.add_with(replace(replace(e.arguments, 'MINE', md5('owner')::uuid::text), 'OTHERS',
    md5('other')::uuid::text)), e.refusal, e.arguments)
from (values
  ('''video'', 0, ''raw'', ''MINE/a.mp4''', 'taken'),
  ('''sprite'', 0, ''raw'', ''MINE/a.mp4''', 'PT422 element_type_unknown'),
  ('''video'', 0, ''raw'', ''OTHERS/a.mp4''', 'PT422 source_not_yours'),
  ('''video'', 0, ''raw'', ''MINE/../OTHERS/a.mp4''', 'PT422 source_not_yours'),
  ('''video'', 0, ''raw'', ''MINE/b.mp4''', 'PT422 element_missing'),
  ('''video'', 0, ''secrets'', ''MINE/a.mp4''', 'PT422 source_invalid'),
  ('''video''', 'PT422 source_invalid'),
  ('''video'', 0, ''raw'', ''MINE/a.mp4'', width => -5', 'PT422 element_size_out_of_range'),
  ('''video'', 0, ''raw'', ''MINE/a.mp4'', x => ''NaN''', 'PT422 position_out_of_range'),
  ('''video'', 0, ''raw'', ''MINE/a.mp4'', fit_mode => ''squeeze''', 'PT422 fit_mode_unknown'),
  ('''video'', 0, ''raw'', ''MINE/a.mp4'', start_seconds => 10', 'PT422 element_out_of_range'),
  ('''video'', 0, ''raw'', ''MINE/a.mp4'', start_seconds => -1', 'PT422 time_negative'),
  ('''video'', 0, ''raw'', ''MINE/a.mp4'', trim_start_seconds => 20',
    'PT422 element_out_of_range'),
  ('''video'', 0, ''raw'', ''MINE/a.mp4'', volume => 100', 'PT422 volume_out_of_range'),
  ('''text'', text => repeat(''a'', 10240), duration_seconds => 1', 'PT422 text_too_long'),
  ('''text'', text => ''a'', duration_seconds => 1e-400', 'PT422 time_negative'),
  ('''text'', text => E''\n\t'', duration_seconds => 1', 'PT422 text_missing'),
  ('''text'', text => '' '', duration_seconds => 1', 'PT422 text_missing')
) as e (arguments, refusal);
select results_eq('select count(*) from public.render_elements', 'values (1::bigint)',
  'nothing of what was refused was written');
select pg_temp.add_with('''text'', text => ''a''') from generate_series(1, 49);
select is(pg_temp.add_with('''text'', text => ''a'''), 'PT422 too_many_elements', 'fifty are many');
select public.start_render(max(id)) from public.render_jobs;
select is(pg_temp.add_with('''text'', text => ''a'''), 'PT422 render_started',
  'what has started is not changed');

select public.create_render_job('mp4', 640, 360, 30) from generate_series(1, 19);
select is(pg_temp.create_with('''mp4'', 640, 360, 30'), 'PT429', 'twenty at once are many');

reset role;
select * from finish();
rollback;

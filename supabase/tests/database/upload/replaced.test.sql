-- A video that is replaced after its analysis is analysed anew; one that was never there is awaited.
begin;
select plan(12);

select tests.queue();

select pg_temp.upload('heavy', 2);
insert into storage.objects (bucket_id, name, version)
select 'raw', v.storage_path, 'first' from public.video_recordings as v order by v.id limit 1;
create function pg_temp.complete()
returns setof text language sql as $$
  select c.outcome from pipeline.complete_analysis((
    select jsonb_agg(jsonb_build_object('id', i.id, 'lease_token', i.lease_token, 'title', 't',
      'summary', 's', 'model', 'm', 'prompt_version', '1', 'confidence', 0.5,
      'duration_seconds', 9, 'metrics', '[]'::jsonb, 'feedback', '[{"start_seconds": 1,
        "end_seconds": 2, "category": "motion", "severity": "low", "confidence": 0.5,
        "message": "Hello", "drill": null}]'::jsonb))
    from items as i where i.lease_token is not null
  )) as c
$$;
select pg_temp.claim(1);
select pg_temp.complete();
select results_eq(
  'select pipeline.analyse_replaced(array_agg(id)) from public.video_recordings', 'values (0)',
  'the same video is not analysed again'
);
update storage.objects set version = 'second' where version = 'first';
set local role service_role;
select results_eq(
  'select pipeline.analyse_replaced(array_agg(id)) from public.video_recordings', 'values (1)',
  'another one is'
);
reset role;
select results_eq(
  $$ select status::text, attempts, turn is not null from items where name = 'heavy 1' $$,
  $$ values ('queued', 0, true) $$, 'with all its attempts'
);
select is_empty('select from public.analysis_feedback', 'and what was said of the old one is gone');

-- Without a word of the client.
update pipeline.stages set max_concurrency_per_user = 1 where stage = 'analysis';
select pg_temp.claim(1);
select pg_temp.complete() from items where lease_token is not null limit 1;
select pg_temp.claim(1);
select pg_temp.complete() from items where lease_token is not null limit 1;
update storage.objects set version = 'third' where version = 'second';
select setval('pipeline.replacements_looked_at', 0);
select results_eq('select pipeline.recognise_replacements()', 'values (1)', 'cron finds it, too');
select results_eq('select pipeline.recognise_replacements()', 'values (0)', 'once');
select pg_temp.claim(1);
select pg_temp.complete() from items where lease_token is not null limit 1;
update storage.objects set version = 'fourth' where version = 'third';
update public.video_recordings set upload_status = 'uploading';
update public.video_recordings set upload_status = 'completed';
select results_eq(
  $$ select status::text from items order by name $$, $$ values ('queued'), ('completed') $$,
  'and so does an upload that is completed once more'
);

-- A video that is not there: the worker waits for it, then gives up.
select pg_temp.upload('light');
update pipeline.stages set max_concurrency_per_user = null where stage = 'analysis';
select pg_temp.claim(8);
select results_eq(
  $$ select pipeline.defer('analysis', id, lease_token, 'video_missing', 'Not there.', 700, 600)
     from items where name = 'light 1' $$,
  $$ values ('failed') $$, 'a video that stays missing fails its analysis'
);
select results_eq(
  $$ select upload_status from public.video_recordings where user_id = md5('light')::uuid $$,
  $$ values ('pending') $$, 'and is awaited'
);
insert into storage.objects (bucket_id, name)
select 'raw', v.storage_path from public.video_recordings as v
where v.user_id = md5('light')::uuid;
select results_eq('select pipeline.recognise_uploads()', 'values (1)', 'when it comes');
select results_eq(
  $$ select status::text, attempts, error_code, turn is not null from items where name = 'light 1' $$,
  $$ values ('queued', 0, null::text, true) $$, 'it is analysed'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

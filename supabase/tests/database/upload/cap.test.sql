-- So many uploads of one user may be under way at once.
begin;
select plan(7);


delete from public.video_recordings;
select tests.users('heavy', 'light');
select tests.act_as('heavy');
select lives_ok(
  $$ insert into public.video_recordings (filename, storage_path)
     select 'a.mp4', md5('heavy')::uuid || '/' || i from generate_series(1, 100) as i $$,
  'a hundred are'
);
select throws_ok(
  $$ insert into public.video_recordings (filename, storage_path)
     values ('a.mp4', md5('heavy')::uuid || '/101') $$,
  'PT429', 'at most 100 uploads may be under way at once', 'one more is refused'
);
select lives_ok(
  $$ insert into public.video_recordings (filename, storage_path, upload_status)
     values ('a.mp4', md5('heavy')::uuid || '/102', 'completed') $$,
  'one that is complete is not under way'
);
select throws_ok(
  $$ update public.video_recordings set upload_status = 'uploading'
     where storage_path like '%/102' $$,
  'PT429', null, 'nor is it set back'
);
update public.video_recordings set upload_status = 'completed' where storage_path like '%/1';
select lives_ok(
  $$ insert into public.video_recordings (filename, storage_path)
     values ('a.mp4', md5('heavy')::uuid || '/103') $$,
  'each that ends makes room'
);
select tests.sign_in('light');
select lives_ok(
  $$ insert into public.video_recordings (filename, storage_path)
     values ('a.mp4', md5('light')::uuid || '/1') $$,
  'for everybody of their own'
);
reset role;

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

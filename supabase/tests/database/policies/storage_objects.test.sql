-- Objects: the first folder of the name is the owner's id. What strangers and anonymous callers get
-- at the API is told in packages/proving-ground/src/security.
begin;
select plan(13);

select tests.people();
select set_config('storage.allow_delete_query', 'true', true);
insert into storage.objects (bucket_id, name) values
  ('processed', 'a0000000-0000-4000-8000-000000000001/a.wav');

select results_eq(
  $$ select id, public, file_size_limit, allowed_mime_types
     from storage.buckets where id in ('raw', 'processed', 'assets')
     order by id $$,
  $$ values
     ('assets', false, 20971520::bigint, array['image/png', 'image/jpeg', 'image/webp',
       'audio/wav', 'audio/mpeg', 'audio/ogg']),
     ('processed', false, 524288000, array['audio/wav', 'audio/mpeg', 'audio/ogg', 'text/vtt',
       'video/mp4', 'video/webm']),
     ('raw', false, 524288000, array['video/mp4', 'video/quicktime', 'video/webm',
       'video/3gpp']) $$,
  'the buckets are private and bounded'
);

select tests.act_as('owner');
select lives_ok(
  $$ insert into storage.objects (bucket_id, name)
     values ('raw', 'a0000000-0000-4000-8000-000000000001/clips/a.mp4') $$,
  'the owner uploads to their folder'
);
select throws_ok(call, code, message, what)
from (values
  ($$ insert into storage.objects (bucket_id, name)
     values ('raw', 'b0000000-0000-4000-8000-000000000002/a.mp4') $$, '42501', null,
    'nobody uploads to another user''s folder'),
  ($$ insert into storage.objects (bucket_id, name) values ('raw', 'a.mp4') $$, '42501', null,
    'nobody uploads outside of a folder'),
  ($$ insert into storage.objects (bucket_id, name)
     values ('processed', 'a0000000-0000-4000-8000-000000000001/b.wav') $$, '42501', null,
    'users do not upload audio')
) as refused (call, code, message, what);
select results_eq(
  $$ select bucket_id from storage.objects order by bucket_id $$,
  $$ values ('processed'), ('raw') $$,
  'the owner reads their video and their audio'
);
select isnt_empty(
  $$ update storage.objects set user_metadata = '{}' where bucket_id = 'raw' returning id $$,
  'the owner replaces their video'
);
select throws_ok(
  $$ update storage.objects set name = 'b0000000-0000-4000-8000-000000000002/a.mp4'
     where bucket_id = 'raw' $$,
  '42501', null, 'nobody moves a video into another user''s folder'
);
select is_empty(
  $$ update storage.objects set user_metadata = '{}' where bucket_id = 'processed' returning id $$,
  'users do not replace audio'
);

select tests.act_as('service_role');
select lives_ok(
  $$ insert into storage.objects (bucket_id, name)
     values ('processed', 'a0000000-0000-4000-8000-000000000001/b.wav') $$,
  'workers store audio'
);

select tests.act_as('owner');
select results_eq(
  $$ with gone as (delete from storage.objects returning bucket_id)
     select bucket_id, count(*) from gone group by 1 order by 1 $$,
  $$ values ('processed', 2::bigint), ('raw', 1) $$, 'the owner deletes their video and their audio'
);

-- A token outlives its account by up to an hour.
reset role;
delete from auth.users where email = 'owner@example.com';
insert into storage.objects (bucket_id, name) values
  ('raw', 'a0000000-0000-4000-8000-000000000001/left.mp4');
set local role authenticated;
select throws_ok(
  $$ insert into storage.objects (bucket_id, name)
     values ('raw', 'a0000000-0000-4000-8000-000000000001/again.mp4') $$,
  '42501', null, 'whose account is gone uploads nothing'
);
select is_empty('select id from storage.objects', 'and sees, signs and replaces nothing');

reset role;
select * from finish();
rollback;

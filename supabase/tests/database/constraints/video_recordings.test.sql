begin;
select plan(19);

select tests.people();
prepare add_recording (text, text, text, text, bigint) as
  insert into public.video_recordings (user_id, filename, storage_path, language, upload_status,
    file_size)
  values ('a0000000-0000-4000-8000-000000000001', $1, $2, $3, $4, $5);

select lives_ok(
  $$ execute add_recording('a.mp4', 'a0000000-0000-4000-8000-000000000001/a.mp4', 'en-US',
     'pending', 1) $$,
  'a recording in its owner''s folder is accepted'
);
select throws_ok(
  $$ execute add_recording('a.mp4', 'a0000000-0000-4000-8000-000000000001/a.mp4', 'en-US',
     'pending', 1) $$,
  '23505', null, 'a storage path belongs to one recording'
);
select throws_like(call, message, what)
from (values
  ($$ execute add_recording('b.mp4', 'b0000000-0000-4000-8000-000000000002/b.mp4', 'en-US',
     'pending', 1) $$, '%storage_path_is_in_the_owners_folder%',
    'another user''s folder is refused'),
  ($$ execute add_recording('b.mp4', 'a0000000-0000-4000-8000-000000000001b.mp4', 'en-US',
     'pending', 1) $$, '%storage_path_is_in_the_owners_folder%',
    'a name that only begins like the folder is refused'),
  ($$ execute add_recording(' ', 'a0000000-0000-4000-8000-000000000001/b.mp4', 'en-US',
     'pending', 1) $$, '%filename_is_not_blank_and_short%', 'a blank filename is refused'),
  ($$ execute add_recording('b.mp4', 'a0000000-0000-4000-8000-000000000001/b.mp4', 'english',
     'pending', 1) $$, '%language_is_a_tag%', 'a language must be a tag'),
  ($$ execute add_recording('b.mp4', 'a0000000-0000-4000-8000-000000000001/b.mp4', 'en-US',
     'done', 1) $$, '%upload_status_is_known%', 'an unknown upload_status is refused'),
  ($$ execute add_recording('b.mp4', 'a0000000-0000-4000-8000-000000000001/b.mp4', 'en-US',
     'pending', -1) $$, '%file_size_is_not_negative%', 'a negative size is refused'),
  ('update public.video_recordings set duration_seconds = -0.1', '%duration_is_not_negative%',
    'a negative duration is refused'),
  ($$ update public.video_recordings set duration_seconds = 'NaN' $$,
    '%duration_is_at_most_a_week%', 'a duration is a number'),
  ('update public.video_recordings set duration_seconds = 1e300', '%duration_is_at_most_a_week%',
    'an absurd duration is refused'),
  ($$ update public.video_recordings set error_code = 'lease_expired' $$,
    '%error_code_is_one_of_an_upload%', 'an error code of another stage is refused'),
  ($$ update public.video_recordings set language = 'en' || repeat('-abcdefgh', 4) $$,
    '%language_is_short%', 'a language of many subtags is refused'),
  ($$ update public.video_recordings set mime_type = e'video/mp4\nx: y' $$,
    '%mime_type_is_printable%', 'a media type is one printable line')
) as refused (call, message, what);

-- The workers read the object as service_role by its path in a URL, where '..' leads elsewhere.
select throws_like(
  format(
    $$ execute add_recording('b.mp4', 'a0000000-0000-4000-8000-000000000001/%s', 'en-US',
       'pending', 1) $$,
    path
  ),
  '%storage_path_has_plain_segments%', description
)
from (values
  ('../b0000000-0000-4000-8000-000000000002/b.mp4', 'a path cannot lead out of the folder'),
  ('a/./b.mp4', 'nor stand still in it'),
  ('a//b.mp4', 'nor have an empty folder')
) as refused (path, description);

set local pipeline.now = '2030-01-01 00:00:00+00';
update public.video_recordings set filename = 'renamed.mp4';
select results_eq(
  $$ select updated_at from public.video_recordings
     where user_id = 'a0000000-0000-4000-8000-000000000001' $$,
  $$ values ('2030-01-01 00:00:00+00'::timestamptz) $$,
  'an update moves updated_at'
);

delete from auth.users where id = 'a0000000-0000-4000-8000-000000000001';
select is_empty(
  $$ select id from public.video_recordings
     where user_id = 'a0000000-0000-4000-8000-000000000001' $$,
  'a user''s recordings go with the user'
);

select * from finish();
rollback;

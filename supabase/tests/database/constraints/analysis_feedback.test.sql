begin;
select plan(11);

select tests.remark();

select throws_like(call, message, what)
from (values
  ('update public.analysis_feedback set start_seconds = -1 where id = -1',
    '%time_range_is_in_order%', 'time starts at 0'),
  ('update public.analysis_feedback set start_seconds = 3 where id = -1',
    '%time_range_is_in_order%', 'the start is not after the end'),
  ($$ update public.analysis_feedback set category = 'Bad Category' where id = -1 $$,
    '%category_is_snake_case%', 'a category is snake_case'),
  ($$ update public.analysis_feedback set severity = 'huge' where id = -1 $$, '%severity_is_known%',
    'an unknown severity is refused'),
  ('update public.analysis_feedback set confidence = -0.1 where id = -1', '%confidence_is_a_share%',
    'confidence is a share'),
  ($$ update public.analysis_feedback set message = repeat('x', 2001) where id = -1 $$,
    '%remark_is_short%', 'a message has at most 2000 characters'),
  ($$ update public.analysis_feedback set drill = repeat('x', 2001) where id = -1 $$,
    '%remark_is_short%', 'a drill has at most 2000 characters'),
  ($$ update public.analysis_feedback set ssml_status = 'done'
     where id = -1 $$, '%status_is_known%', 'an unknown ssml_status is refused'),
  ($$ update public.analysis_feedback set ssml_status = 'failed'
     where id = -1 $$, '%failed_ssml_says_why%', 'failed ssml has an error code'),
  ($$ update public.analysis_feedback set audio_status = 'done' where id = -1 $$,
    '%status_is_known%', 'an unknown audio_status is refused'),
  ($$ update public.analysis_feedback set audio_status = 'failed'
     where id = -1 $$, '%failed_audio_says_why%', 'failed audio has an error code')
) as refused (call, message, what);

select * from finish();
rollback;

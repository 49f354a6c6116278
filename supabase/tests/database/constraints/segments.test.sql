begin;
select plan(11);

select tests.remark();
insert into public.analysis_ssml_segments (feedback_id, ssml) values (-1, '<speak>a</speak>');
insert into public.analysis_audio_segments (feedback_id, audio_url, format, duration_ms, provider)
values (-1, 'a.wav', 'wav', 1, 'gemini');

select results_eq(
  $$ select segment_index, provider::text from public.analysis_ssml_segments where feedback_id = -1 $$,
  $$ values (0, 'gemini') $$,
  'a segment is the first and from gemini unless it says otherwise'
);
select throws_ok(
  $$ insert into public.analysis_ssml_segments (feedback_id, ssml)
     values (-1, '<speak>b</speak>') $$,
  '23505', null, 'a feedback has one SSML segment per index'
);
select throws_like(call, message, what)
from (values
  ($$ insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml)
     values (-1, -1, '<speak>b</speak>') $$, '%segment_index_is_not_negative%',
    'indexes start at 0'),
  ($$ insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml)
     values (-1, 1, 'b') $$, '%ssml_is_a_speak_element%', 'plain text is no SSML'),
  ($$ insert into public.analysis_ssml_segments (feedback_id, segment_index, ssml)
     values (-1, 1, '<speak>' || repeat('ü', 2500) || '</speak>') $$,
    '%ssml_fits_a_speech_request%', 'SSML has at most 5000 bytes')
) as refused (call, message, what);
select throws_ok(
  $$ insert into public.analysis_audio_segments
       (feedback_id, audio_url, format, duration_ms, provider)
     values (-1, 'b.wav', 'wav', 1, 'gemini') $$,
  '23505', null, 'a feedback has one audio segment per index'
);
select throws_ok(
  $$ insert into public.analysis_audio_segments
       (feedback_id, segment_index, audio_url, format, duration_ms, provider)
     values (-1, 1, 'b.wav', 'wav', 1, 'gemini') $$,
  '23503', null, 'audio speaks an SSML segment that exists'
);
select throws_like(
  $$ update public.analysis_audio_segments set format = 'flac' where feedback_id = -1 $$,
  '%format_is_known%', 'an unknown format is refused'
);
select throws_like(
  $$ update public.analysis_audio_segments set duration_ms = 0 where feedback_id = -1 $$,
  '%duration_is_positive%', 'audio lasts'
);
select hasnt_column(
  'public', 'analysis_audio_segments', 'ssml', 'audio segments carry no SSML'
);

delete from public.analysis_ssml_segments where feedback_id = -1;
select is_empty(
  $$ select id from public.analysis_audio_segments where feedback_id = -1 $$,
  'audio goes with the SSML it speaks'
);

select * from finish();
rollback;

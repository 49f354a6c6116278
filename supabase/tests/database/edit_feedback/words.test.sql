-- An owner gives a remark other words, and hears it anew.
begin;
select plan(13);

delete from public.video_recordings;
set local pipeline.now = '2030-01-01 12:00:00+00';
select tests.remark();
update public.analysis_feedback set drill = 'Walk.';
insert into public.analysis_ssml_segments (feedback_id, ssml) values (-1, '<speak>Hello</speak>');
update public.analysis_feedback set ssml_status = 'completed', audio_status = 'completed';
delete from pipeline.tasks where stage <> 'upload';

select tests.act_as('stranger');
select throws_ok(
  $$ select public.edit_feedback(-1, 'Mine') $$, 'PT404', 'feedback -1 not found',
  'a stranger''s remark is not found'
);
select tests.act_as('owner');
select results_eq(
  $$ select public.edit_feedback(-1, ' Hello ', 'Walk.') $$, $$ values ('unchanged') $$,
  'the same words change nothing'
);
reset role;
select is_empty(
  $$ select from pipeline.tasks where stage <> 'upload' $$, 'and are not spoken again'
);
select is_empty('select from pipeline.usage', 'nor counted');
set local role authenticated;
select results_eq(
  $$ select public.edit_feedback(-1, ' Good morning. ', ' ') $$, $$ values ('queued') $$,
  'other words are queued'
);
select results_eq(
  'select message::text, drill::text, ssml_status::text, audio_status::text
   from public.analysis_feedback',
  $$ values ('Good morning.', null, 'queued', 'queued') $$,
  'trimmed, without a drill where it is empty, and both stages begin anew'
);
select is_empty('select from public.analysis_ssml_segments', 'what was spoken is gone');
reset role;
select results_eq(
  $$ select stage, subject_id from pipeline.tasks where stage <> 'upload' $$,
  $$ values ('ssml', -1::bigint) $$,
  'and a worker can claim it'
);
set local role authenticated;
select throws_ok(
  $$ select public.edit_feedback(-1, ' ') $$, 'SL005', 'a remark needs words', 'of words some'
);
select throws_ok(
  $$ select public.edit_feedback(-1, 'a', repeat('b', 2001)) $$, 'SL005',
  'a remark has at most 2000 characters', 'and not too many'
);
reset role;
update pipeline.usage set attempts = 100 where stage = 'edit';
set local role authenticated;
select throws_ok(
  $$ select public.edit_feedback(-1, 'Once more.') $$, 'PT429',
  'at most 100 remarks may be edited a day', 'nobody edits without end'
);
reset role;
set local pipeline.now = '2030-01-02 00:00:00+00';
set local role authenticated;
select results_eq(
  $$ select public.edit_feedback(-1, 'Once more.') $$, $$ values ('queued') $$,
  'the next day goes on'
);
reset role;
update public.analysis_jobs set status = 'completed';
select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

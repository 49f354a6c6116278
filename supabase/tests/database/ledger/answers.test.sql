-- What a worker was answered and did not hand in is there for the next one, for its own item, and
-- as long as it is any use.
begin;
select plan(17);

delete from public.video_recordings;
set local pipeline.now = '2030-01-01 00:00:00+00';
select tests.analysis();
select tests.remarks(-1, -2, -3);

create function pg_temp.answer(id bigint, answer jsonb, stage text default 'ssml')
returns void language sql as $$
  select pipeline.record_call(jsonb_build_object(
    'id', gen_random_uuid(), 'stage', answer.stage, 'subject_id', answer.id,
    'user_id', 'a0000000-0000-4000-8000-000000000001', 'attempt', 1, 'provider', 'gemini',
    'model', 'offline-ssml-1', 'request_hash', repeat('a', 64), 'ms', 900, 'answer', answer.answer
  ))
$$;
create function pg_temp.found(id bigint, hash text default repeat('a', 64))
returns jsonb language sql as $$ select pipeline.find_answer('ssml', id, hash) $$;
create temp view held as
select t.subject_id as id, t.lease_token from pipeline.tasks as t
where t.stage = 'ssml' and t.lease_token is not null;

grant select on held to service_role;

set local role service_role;
select is(pg_temp.found(-1), null::jsonb, 'before anybody asked there is no answer');
select pg_temp.answer(-1, '"one"');
select is(pg_temp.found(-1), '"one"', 'afterwards there is');
select is(pg_temp.found(-1, repeat('b', 64)), null::jsonb, 'to this question alone');
select is(pg_temp.found(-2), null::jsonb, 'about this item alone');
select is(pipeline.find_answer('audio', -1, repeat('a', 64)), null::jsonb, 'of this stage alone');
set local pipeline.now = '2030-01-01 00:00:01+00';
select pg_temp.answer(-1, '"two"');
select is(pg_temp.found(-1), '"two"', 'the latest counts');
select pg_temp.answer(-2, null);
select is(pg_temp.found(-2), null::jsonb, 'what could not be used is no answer');
select pg_temp.answer(-2, to_jsonb(repeat('x', 300000)));
select is(pg_temp.found(-2), null::jsonb, 'nor is what is too large to be kept');

-- A worker that dies, or puts the item off, loses nothing; one that found it bad, all.
select pg_temp.answer(-2, '"kept"');
select pg_temp.answer(-3, '"kept"');
select count(*) from pipeline.claim_ssml(8);
select pipeline.defer('ssml', id, lease_token, 'provider_unavailable', 'No.', 1) from held
where id = -2;
select pipeline.fail('ssml', id, lease_token, 'out_of_time', 'No.', true) from held where id = -3;
select results_eq(
  'select pg_temp.found(-2), pg_temp.found(-3)', $$ values ('"kept"'::jsonb, '"kept"'::jsonb) $$,
  'an item that waits, or ran out of time, keeps it'
);
select pipeline.fail('ssml', id, lease_token, 'reply_invalid', 'No.', true) from held where id = -1;
select is(pg_temp.found(-1), null::jsonb, 'an answer that was no good is asked for anew');
select results_eq(
  $$ select distinct refused from pipeline.provider_calls where subject_id = -1 $$,
  $$ values ('reply_invalid') $$, 'and its row says why'
);
set local pipeline.now = '2030-01-01 01:00:00+00';
update pipeline.stages set max_attempts = 3 where stage = 'ssml';
select count(*) from pipeline.claim_ssml(8);
select pipeline.fail('ssml', id, lease_token, 'internal_error', 'No.', true) from held where id = -3;
select is(pg_temp.found(-3), '"kept"', 'an unknown error keeps it for the attempts that are left');
-- Else the two whose leases have ended would be claimed first, one by one.
delete from pipeline.tasks where stage = 'ssml' and subject_id in (-1, -2);
set local pipeline.now = '2030-01-01 02:00:00+00';
select count(*) from pipeline.claim_ssml(8);
select pipeline.fail('ssml', id, lease_token, 'internal_error', 'No.', true) from held where id = -3;
select is(pg_temp.found(-3), null::jsonb, 'and no longer: it may be why');

-- Gone with the words, the item, and time.
reset role;
update public.analysis_feedback set message = 'Other words' where id = -2;
select is(pg_temp.found(-2), null::jsonb, 'other words have no answer');
select pg_temp.answer(-1, '"again"');
delete from public.analysis_feedback where id = -1;
select is(pg_temp.found(-1), null::jsonb, 'a deleted item has none');
select pg_temp.answer(-3, '"old"');
set local pipeline.now = '2030-01-03 02:00:01+00';
select pipeline.drop_old_answers();
select is(pg_temp.found(-3), null::jsonb, 'after two days it is dropped');
select results_eq(
  'select count(*) from pipeline.provider_calls where subject_id between -3 and -1',
  'values (8::bigint)', 'what was paid is still known'
);

select * from finish();
rollback;

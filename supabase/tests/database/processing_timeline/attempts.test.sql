-- Each attempt leaves a row when it ends, with when it became ready, was claimed and ended.
begin;
select plan(5);

delete from public.video_recordings;
create function pg_temp.clock(seconds int)
returns void language sql as $$
  select set_config(
    'pipeline.now', (timestamptz '2030-01-01 00:00:00+00' + make_interval(secs => seconds))::text,
    true
  )
$$;
select pg_temp.clock(0);
select tests.remark();

-- Claims the item at a second, and tells its token.
create function pg_temp.claim(at int)
returns uuid language plpgsql as $$
begin
  perform pg_temp.clock(at);
  return (select c.lease_token from pipeline.claim_ssml(1, 60) as c);
end
$$;
create function pg_temp.complete(token uuid)
returns text language sql as $$
  select r.outcome from pipeline.complete_ssml(jsonb_build_array(jsonb_build_object(
    'id', -1, 'lease_token', token, 'provider', 'gemini', 'version', '1',
    'segments', '[{"segment_index": 0, "ssml": "<speak>a</speak>"}]'::jsonb
  ))) as r
$$;
create temp view life as
select array_agg(format('%s %s: %s-%s-%s %s', p.stage, p.attempt,
  extract(epoch from p.queued_at - '2030-01-01 00:00:00+00')::int,
  extract(epoch from p.started_at - '2030-01-01 00:00:00+00')::int,
  extract(epoch from p.ended_at - '2030-01-01 00:00:00+00')::int,
  concat_ws(' ', p.outcome, p.error_code)) order by p.id) as told
from public.processing_timeline as p where p.subject_id = -1;

select pipeline.defer('ssml', -1, pg_temp.claim(1), 'provider_busy', 'Busy.', 10);
select pg_temp.complete(gen_random_uuid());
select pipeline.release('ssml', -1, pg_temp.claim(12));
select pg_temp.claim(13);
select pg_temp.clock(73);
select pipeline.sweep();
-- The attempt of a worker that vanished goes on under its number.
select pipeline.fail('ssml', -1, pg_temp.claim(75), 'reply_invalid', 'No.', true);
-- Backoffs have jitter.
update pipeline.tasks as t set available_at = timestamptz '2030-01-01 00:01:30+00'
where t.subject_id = -1;
select pg_temp.claim(200);
update public.analysis_feedback as f set message = 'Hello again' where f.id = -1;
select pg_temp.complete(pg_temp.claim(201));

select is(
  (select told from life),
  array[
    'ssml 1: 0-1-1 deferred provider_busy',
    'ssml 1: 11-12-12 released',
    'ssml 1: 12-13-73 lost lease_expired',
    'ssml 1: 73-75-75 retried reply_invalid',
    'ssml 2: 90-200-200 cancelled',
    'ssml 1: 200-201-201 completed'
  ],
  'an item''s life'
);

select tests.act_as('owner');
select results_eq(
  'select count(*) from public.processing_timeline', 'values (6::bigint)', 'owners read it'
);
select throws_ok('delete from public.processing_timeline', '42501', null, 'and change nothing');
select tests.act_as('stranger');
select is_empty('select from public.processing_timeline', 'others see nothing of it');
reset role;

delete from public.video_recordings as v where v.id = -1;
select is_empty(
  'select from public.processing_timeline where subject_id = -1', 'it goes with its item'
);

select * from finish();
rollback;

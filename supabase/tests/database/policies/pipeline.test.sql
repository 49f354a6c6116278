-- The stages: operators tune them with the service role. That users do not even see them is told
-- beside.
begin;
select plan(5);

set local role service_role;
select lives_ok(
  $$ update pipeline.stages set enabled = false where stage = 'audio' $$,
  'an operator pauses a stage'
);
select throws_ok($$ delete from pipeline.stages $$, '42501', null, 'nobody deletes a stage');
select throws_like(call, message, what)
from (values
  ('update pipeline.stages set batch_size = 0', '%batch_is_between_1_and_1000%',
    'a batch holds something'),
  ('update pipeline.stages set backoff_cap_seconds = 1', '%backoff_cap_is_not_below_base%',
    'the cap is not below the base'),
  ('update pipeline.stages set max_attempts = 0', '%max_attempts_is_between_1_and_20%',
    'an item has an attempt')
) as refused (call, message, what);

reset role;
select * from finish();
rollback;

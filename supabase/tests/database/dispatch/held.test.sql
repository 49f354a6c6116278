-- A stage whose provider lets nothing through is not woken, and is at the next tick after that.
begin;
select plan(15);

select tests.all_stages(20);

delete from vault.secrets where name in ('sideline_project_url', 'sideline_secret_key');
select vault.create_secret('https://project.example', 'sideline_project_url');
select vault.create_secret('sb_secret_test', 'sideline_secret_key');
update pipeline.stage_clocks set woken_at = '-infinity';

-- The stages that one tick of cron calls, at a time of the first hour.
create function pg_temp.tick(second numeric)
returns setof text language plpgsql as $$
begin
  perform set_config('pipeline.now', (timestamptz '2030-01-01 00:00:00+00'
    + make_interval(secs => tick.second::float8))::text, true);
  return query select d.stage from pipeline.dispatch() as d where d.called;
end
$$;

select results_eq(
  'select pg_temp.tick(0)', $$ values ('analysis'), ('ssml'), ('audio') $$,
  'all stages have work, and are called'
);

-- A pause.
update pipeline.provider_limits set not_before = '2030-01-01 00:01:00+00' where provider = 'gemini';
select results_eq(
  'select pg_temp.tick(1)', $$ values ('audio') $$,
  'while a provider asks to wait, no stage that asks it is called'
);
select results_eq('select pg_temp.tick(59)', $$ values ('audio') $$, 'not for one moment');
select results_eq(
  'select pg_temp.tick(60)', $$ values ('analysis'), ('ssml'), ('audio') $$,
  'at the first tick after it they are'
);

-- An open circuit, of audio's provider this time.
update pipeline.provider_limits set open_until = '2030-01-01 00:01:30+00'
where provider = 'google-cloud-tts';
select results_eq(
  'select pg_temp.tick(61)', $$ values ('analysis'), ('ssml') $$,
  'a stage whose circuit is open is not called'
);
select results_eq(
  'select pg_temp.tick(90)', $$ values ('analysis'), ('ssml'), ('audio') $$,
  'it is when a probe is due'
);
select results_eq(
  'select count(*) from pipeline.claim_audio(5, 3600)', 'values (1::bigint)', 'which is on its way'
);
select results_eq(
  'select pg_temp.tick(91)', $$ values ('analysis'), ('ssml') $$,
  'and while its answer is awaited nobody else is called'
);
select pipeline.fail('audio', subject_id, lease_token, 'audio_silent', 'Silence.', false)
from pipeline.tasks where stage = 'audio' and lease_token is not null;
select results_eq(
  'select pg_temp.tick(92)', $$ values ('analysis'), ('ssml'), ('audio') $$,
  'until it comes'
);

-- An empty bucket.
update pipeline.provider_limits set requests_per_minute = 6, burst = 2 where provider = 'gemini';
select results_eq(
  'select count(*) from pipeline.claim_analysis(2, 3600)', 'values (2::bigint)',
  'the last tokens are taken'
);
select results_eq(
  'select pg_temp.tick(93)', $$ values ('audio') $$, 'without a token nobody is called'
);
select results_eq('select pg_temp.tick(101.4)', $$ values ('audio') $$, 'for ten seconds');
select results_eq(
  'select pg_temp.tick(102)', $$ values ('analysis'), ('ssml'), ('audio') $$,
  'then the stages that share the new one are'
);

-- A stage that asks another model.
select count(*) from pipeline.claim_ssml(1, 3600, 'other');
select results_eq(
  $$ select pg_temp.tick(102.5) $$, $$ values ('analysis'), ('ssml'), ('audio') $$,
  'a model of its own has limits of its own'
);
update pipeline.provider_limits set not_before = '2030-01-01 00:05:00+00' where model = 'other';
select results_eq(
  $$ select pg_temp.tick(103) $$, $$ values ('analysis'), ('audio') $$, 'and pauses of its own'
);

select * from finish();
rollback;

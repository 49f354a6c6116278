-- What becomes of a draft: asked for, claimed with the brief of that moment, applied or kept beside,
-- charged for by the ledger, failed and tried again; and what the views make of it.
begin;
select plan(27);

select tests.people();
set local pipeline.now = '2030-01-01 00:00:00+00';
delete from pipeline.tasks where stage = 'draft';
insert into public.sessions (id, user_id, request)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'The toss'),
  (-2, 'a0000000-0000-4000-8000-000000000001', 'The arm');
insert into public.session_drafts (id, session_id, user_id)
overriding system value
select -i, -1, 'a0000000-0000-4000-8000-000000000001' from generate_series(1, 4) as i;

create function pg_temp.brief(rule text)
returns jsonb language sql as $$
  select pipeline.empty_brief() || jsonb_build_object('rules', jsonb_build_array(
    jsonb_build_object('id', rule, 'look_for', 'The ' || rule, 'category', null)
  ))
$$;
create function pg_temp.result(id bigint, ir jsonb)
returns jsonb language sql as $$
  select jsonb_build_object('id', t.subject_id, 'lease_token', t.lease_token, 'model', 'model-1',
    'prompt_version', 'draft-1', 'ir', result.ir)
  from pipeline.tasks as t where t.stage = 'draft' and t.subject_id = result.id
$$;
create function pg_temp.complete(id bigint, ir jsonb)
returns text language sql as $$
  select c.outcome
  from pipeline.complete_draft(jsonb_build_array(pg_temp.result(complete.id, ir))) as c
$$;
create function pg_temp.edit(ir jsonb)
returns void language sql as $$
  insert into public.session_revisions (session_id, user_id, base_revision, ir)
  select s.id, s.user_id, s.revision, edit.ir from public.sessions as s where s.id = -1
$$;

select pg_temp.edit(pg_temp.brief('arm'));
select results_eq(
  $$ select id, session_id, request, ir #>> '{rules,0,id}' from pipeline.claim_draft(2) $$,
  $$ values (-4::bigint, -1::bigint, 'The toss', 'arm'), (-3, -1, 'The toss', 'arm') $$,
  'a worker is given what is asked for, and the brief of the moment'
);
select results_eq(
  $$ select id, base_revision from public.session_drafts where session_id = -1 order by id $$,
  $$ values (-4::bigint, 2), (-3, 2), (-2, 1), (-1, 1) $$, 'which the draft then comes from'
);
select pipeline.note_draft(-4, (select lease_token from pipeline.tasks where subject_id = -4
  and stage = 'draft'), '{"model": "model-1", "prompt_version": "draft-1", "syntax_ok": true,
  "schema_ok": true, "rules_ok": false, "is_repaired": true, "faults": ["rules.3: is twice"]}');
select pipeline.note_draft(-4, gen_random_uuid(), '{"model": "another", "is_repaired": false}');
select results_eq(
  $$ select model::text, syntax_ok, rules_ok, is_repaired, faults from public.session_drafts
     where id = -4 $$,
  $$ values ('model-1', true, false, true, array['rules.3: is twice']) $$,
  'what was wrong with a reply is noted by who holds the draft, and by nobody else'
);
select pipeline.record_call(jsonb_build_object(
  'id', gen_random_uuid(), 'stage', 'draft', 'subject_id', -4, 'user_id',
  'a0000000-0000-4000-8000-000000000001', 'attempt', 1, 'provider', 'gemini', 'model', 'model-1',
  'request_hash', repeat('a', 64), 'input_tokens', 100, 'output_tokens', 20, 'thought_tokens', 5,
  'ms', 900, 'answer', '{}'::jsonb
)) from generate_series(1, 2);
select results_eq(
  $$ select input_tokens, output_tokens, milliseconds from public.session_drafts where id = -4 $$,
  $$ values (200, 50, 1800) $$, 'what both calls took is charged to it'
);

select throws_ok(
  $$ select pg_temp.complete(-4, '{"schema_version": 2}') $$, 'SL004', 'schema_version must be 1',
  'a brief with a fault is no result'
);
select is(pg_temp.complete(-4, pg_temp.brief('toss')), 'completed', 'a brief is handed in');
select results_eq(
  $$ select d.status::text, d.outcome, d.applied_revision, s.revision, s.status,
       s.current_ir = d.ir, r.cause, r.diff @> '[{"path": "/rules/toss", "before": null}]'
     from public.session_drafts as d
     join public.sessions as s on s.id = d.session_id
     join public.session_revisions as r on r.session_id = s.id and r.revision = s.revision
     where d.id = -4 $$,
  $$ values ('completed', 'applied', 3, 3, 'ready', true, 'drafted', true) $$,
  'it becomes the next revision, which says that it was drafted'
);
select is(pg_temp.complete(-3, pg_temp.brief('foot')), 'completed', 'another one comes late');
select results_eq(
  $$ select d.outcome, d.applied_revision, d.ir #>> '{rules,0,id}', s.revision,
       s.current_ir #>> '{rules,0,id}'
     from public.session_drafts as d join public.sessions as s on s.id = d.session_id
     where d.id = -3 $$,
  $$ values ('superseded', null::int, 'foot', 3, 'toss') $$,
  'it is kept beside, and changes nothing'
);
select results_eq(
  $$ select outcome from pipeline.complete_draft(jsonb_build_array(jsonb_build_object('id', -4,
       'lease_token', gen_random_uuid(), 'model', 'm', 'prompt_version', 'p',
       'ir', pg_temp.brief('x')))) $$,
  $$ values ('stale') $$, 'who does not hold the draft changes nothing'
);

-- Both of the others are given one brief; the session's owner edits before the first is done.
select is((select count(*) from pipeline.claim_draft(4)), 2::bigint, 'the rest is claimed');
select results_eq(
  $$ select id, outcome from pipeline.complete_draft(jsonb_build_array(
       pg_temp.result(-1, pg_temp.brief('one')), pg_temp.result(-2, pg_temp.brief('two')))) $$,
  $$ values (-1::bigint, 'completed'), (-2, 'completed') $$, 'two of a session in one go'
);
select results_eq(
  $$ select id, outcome from public.session_drafts where id in (-1, -2) order by id $$,
  $$ values (-2::bigint, 'applied'), (-1, 'superseded') $$, 'of which one becomes a revision'
);
select is_empty('select * from pipeline.violations', 'no rule is broken');

-- It fails for good, and is asked for anew by its owner.
insert into public.session_drafts (id, session_id, user_id)
overriding system value
values (-5, -2, 'a0000000-0000-4000-8000-000000000001');
select pipeline.fail('draft', c.id, c.lease_token, 'reply_invalid', 'No brief.', false)
from pipeline.claim_draft(1) as c;
select tests.act_as('stranger');
select throws_ok(
  $$ select public.retry_draft(-5) $$, 'PT404', 'draft -5 not found', 'to a stranger it is not there'
);
select tests.act_as('owner');
select throws_ok(
  $$ select public.retry_draft(-4) $$, 'SL001', null, 'what has not failed is not retried'
);
select results_eq(
  $$ select public.retry_draft(-5) $$, $$ values ('queued') $$, 'the owner has it tried again'
);
reset role;
select results_eq(
  $$ select d.status::text, d.attempts, d.error_code, t.attempts::int
     from public.session_drafts as d
     join pipeline.tasks as t on t.stage = 'draft' and t.subject_id = d.id where d.id = -5 $$,
  $$ values ('queued', 0, null::text, 0) $$, 'with all attempts'
);
update pipeline.stages set max_retries = 1 where stage = 'draft';
select pipeline.fail('draft', c.id, c.lease_token, 'reply_invalid', 'No brief.', false)
from pipeline.claim_draft(1) as c;
set local role authenticated;
select throws_ok(
  $$ select public.retry_draft(-5) $$, 'PT429', 'this was retried 1 times already', 'so often'
);

select results_eq(
  $$ select draft_count, completed_drafts, failed_drafts, input_tokens, milliseconds, rule_count,
       open_hole_count
     from public.session_summary order by id $$,
  $$ values (1, 0::bigint, 1::bigint, 0::bigint, 0::bigint, 0, 0),
    (4, 4, 0, 200, 1800, 1, 0) $$, 'a session''s summary says what it took'
);
select results_eq(
  $$ select sessions, ready_sessions, drafts, completed_share, milliseconds_per_draft
     from public.user_analytics $$,
  $$ values (2::bigint, 1::bigint, 5::bigint, 0.8, 450::numeric) $$, 'so does the owner''s'
);
select results_eq(
  $$ select drafts, syntax_share, rules_share, repaired_share, applied, superseded
     from public.draft_validation_stats where model = 'model-1' $$,
  $$ values (4::bigint, 1.000, 0.000, 0.250, 2::bigint, 2::bigint) $$,
  'how well a model drafts is told of the replies that were judged'
);
set local pipeline.now = '2030-01-01 00:01:00+00';
insert into public.session_revisions (session_id, base_revision, ir)
select id, i, current_ir from public.sessions, generate_series(1, 120) as i where id = -2;
select results_eq(
  $$ select count(*), min(detail), max(session_id) from public.recent_activity $$,
  $$ values (100::bigint, 'edited', -2::bigint) $$, 'activity is the last hundred things'
);
select tests.act_as('stranger');
select is_empty(
  $$ select model from public.draft_validation_stats
     union all select user_id::text from public.user_analytics $$,
  'of all that a stranger sees nothing'
);

reset role;
set local request.jwt.claims = '';
-- A session that is full spoils nothing for the others of a batch.
insert into public.session_drafts (id, session_id, user_id)
overriding system value
values (-6, -1, 'a0000000-0000-4000-8000-000000000001'),
  (-7, -2, 'a0000000-0000-4000-8000-000000000001');
select pipeline.claim_draft(2);
update public.sessions set revision_count = 1000 where id = -1;
select pipeline.complete_draft(jsonb_build_array(
  pg_temp.result(-6, pg_temp.brief('six')), pg_temp.result(-7, pipeline.empty_brief())
));
select results_eq(
  'select id, outcome from public.session_drafts where id in (-6, -7) order by id',
  $$ values (-7::bigint, 'applied'), (-6, 'superseded') $$,
  'a session that is full takes no revision, and the others of the batch do'
);
update public.sessions set draft_count = 200 where id = -1;
select throws_ok(
  $$ insert into public.session_drafts (session_id, user_id)
     values (-1, 'a0000000-0000-4000-8000-000000000001') $$,
  'PT429', 'a session has at most 200 drafts', 'and is drafted for no more'
);

delete from public.sessions where id = -1;
select is_empty(
  $$ select subject_id from pipeline.tasks where stage = 'draft'
     union all select 1 from pipeline.violations $$,
  'a deleted session leaves nothing to do'
);

select * from finish();
rollback;

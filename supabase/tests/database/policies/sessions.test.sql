-- What owners, strangers and workers write of sessions, revisions, drafts and answers.
begin;
select plan(22);

select tests.people();
insert into public.sessions (id, user_id, title, request, current_ir)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'Serve', 'The toss.', pipeline.empty_brief()
  || '{"rules": [{"id": "toss", "look_for": "The toss", "category": "toss"}],
    "holes": [{"id": "hand", "type": "text", "question": "Which?", "options": null, "unit": null,
      "required": true, "default": "right", "answer": null}]}');

select tests.act_as('owner');
select results_eq(
  $$ select title::text, revision from public.sessions $$, $$ values ('Serve', 1) $$,
  'the owner reads their sessions'
);
select lives_ok(
  $$ insert into public.sessions (title) values ('Mine') $$,
  'the owner begins a session without naming themselves'
);
select throws_ok(
  $$ insert into public.sessions (user_id) values ('b0000000-0000-4000-8000-000000000002') $$,
  '42501', null, 'nobody begins a session for another user'
);
select results_eq(
  $$ update public.sessions set title = 'A serve', status = 'archived' where id = -1
     returning status $$,
  $$ values ('archived') $$, 'the owner names and archives a session'
);
select throws_ok(
  $$ update public.sessions set current_ir = pipeline.empty_brief() $$, '42501', null,
  'the owner changes a brief by a revision, and only so'
);
select throws_ok(
  $$ update public.sessions set revision_count = 0 $$, '42501', null, 'nobody sets a counter'
);
select lives_ok(
  $$ insert into public.session_revisions (session_id, base_revision, ir)
     select -1, 1, current_ir || '{"goal": "Height"}' from public.sessions where id = -1 $$,
  'the owner writes a revision'
);
select throws_ok(
  $$ insert into public.session_revisions (session_id, base_revision, cause, ir)
     select -1, 2, 'drafted', current_ir from public.sessions where id = -1 $$,
  'SL030', null, 'but not in the name of a model'
);
select throws_ok(
  $$ insert into public.session_revisions (session_id, base_revision, ir)
     select -1, 2, jsonb_set(current_ir, '{holes,0,answer}', '"left"') from public.sessions
     where id = -1 $$,
  'SL030', 'hole hand is answered by a row of hole_resolutions, not by an edit',
  'nor with an answer of which nobody knows whose it is'
);
select lives_ok(
  $$ insert into public.hole_resolutions (session_id, base_revision, hole_id, value)
     values (-1, 2, 'hand', '"left"') $$,
  'the owner answers a hole'
);
select lives_ok(
  $$ insert into public.session_drafts (session_id) values (-1) $$, 'the owner asks for a draft'
);
select results_eq(
  $$ with a as (update public.session_revisions set note = 'x' where revision = 1 and session_id = -1
       returning 1),
     b as (update public.session_drafts set note = 'x' returning 1),
     c as (update public.hole_resolutions set note = 'x' returning 1)
     select (select count(*) from a), (select count(*) from b), (select count(*) from c) $$,
  $$ values (1::bigint, 1::bigint, 1::bigint) $$, 'the owner notes on each'
);
select throws_ok(call, code, message, what)
from (values
  ($$ update public.session_revisions set ir = '{}' $$, '42501', null, 'nobody rewrites history'),
  ($$ update public.hole_resolutions set value = '1' $$, '42501', null, 'nor an answer'),
  ('insert into public.session_drafts (session_id, cost_micros) values (-1, 0)', '42501', null,
    'the owner does not say what a draft costs')
) as refused (call, code, message, what);
select results_eq(
  $$ select sessions, revisions, drafts, answers from public.user_analytics $$,
  $$ values (2::bigint, 4::bigint, 1::bigint, 1::bigint) $$, 'the owner reads what it comes to'
);
select results_eq(
  $$ select kind, count(*) from public.recent_activity group by kind order by kind $$,
  $$ values ('answer', 1::bigint), ('draft', 1), ('revision', 4) $$,
  'the owner reads what was done lately'
);

select tests.act_as('stranger');
select throws_ok(call, code, message, what)
from (values
  ($$ insert into public.session_revisions (session_id, base_revision, ir) values (-1, 3, '{}') $$,
    'PT404', 'session -1 not found', 'a stranger writes no revision, nor learns of the session'),
  ($$ insert into public.session_revisions (session_id, user_id, base_revision, ir)
     values (-1, 'a0000000-0000-4000-8000-000000000001', 3, '{}') $$, 'PT404',
    'session -1 not found', 'not in the owner''s name either'),
  ($$ insert into public.session_drafts (session_id, user_id)
     values (-1, 'a0000000-0000-4000-8000-000000000001') $$, 'PT404', 'session -1 not found',
    'a stranger has nobody pay for a draft'),
  ($$ insert into public.hole_resolutions (session_id, user_id, base_revision, hole_id, value)
     values (-1, 'a0000000-0000-4000-8000-000000000001', 3, 'hand', '"left"') $$, 'PT404',
    'session -1 not found', 'a stranger answers for nobody')
) as refused (call, code, message, what);

select tests.act_as('service_role');
select lives_ok(
  $$ insert into public.session_revisions (session_id, user_id, base_revision, cause, ir)
     select id, user_id, revision, 'drafted', current_ir from public.sessions where id = -1 $$,
  'workers write revisions for their owner'
);

reset role;
select * from finish();
rollback;

-- What a session's revisions, answers and counters say of each other.
begin;
select plan(28);

select tests.people();
set local pipeline.now = '2030-01-01 00:00:00+00';
insert into public.sessions (id, user_id, title, current_ir)
overriding system value
values (-1, 'a0000000-0000-4000-8000-000000000001', 'Serve', pipeline.empty_brief()
  || '{"rules": [{"id": "toss", "look_for": "The toss", "category": "toss"}],
    "skip": ["footwork"],
    "holes": [{"id": "hand", "type": "choice", "question": "Which?", "options": ["left", "right"],
      "unit": null, "required": true, "default": "right", "answer": null}]}');

create function pg_temp.write(base_revision int, change jsonb, cause text default 'edited')
returns void language sql as $$
  insert into public.session_revisions (session_id, user_id, base_revision, cause, ir, reverted_to)
  select id, user_id, write.base_revision, write.cause, current_ir || change,
    case write.cause when 'reverted' then 1 end
  from public.sessions where id = -1
$$;
create function pg_temp.answer(base_revision int, value jsonb, method text default 'answered')
returns void language sql as $$
  insert into public.hole_resolutions (session_id, user_id, base_revision, hole_id, value, method)
  select id, user_id, answer.base_revision, 'hand', value, answer.method
  from public.sessions where id = -1
$$;

select results_eq(
  $$ select revision, revision_count, status from public.sessions where id = -1 $$,
  $$ values (1, 1, 'open') $$, 'a session begins with a revision, open while an answer is needed'
);
select results_eq(
  $$ select cause, jsonb_path_query_array(diff, '$[*].path') from public.session_revisions
     where session_id = -1 $$,
  $$ values ('created', '["/holes/hand", "/rules/toss", "/skip/footwork"]'::jsonb) $$,
  'which says what was there from the beginning'
);

set local pipeline.now = '2030-01-01 00:01:00+00';
select lives_ok(
  $$ select pg_temp.write(1, '{"rules": [{"id": "arm", "look_for": "The arm", "category": null}],
       "skip": [], "goal": "The arm"}') $$,
  'a revision of the latest is written'
);
select results_eq(
  $$ select diff from public.session_revisions where session_id = -1 and revision = 2 $$,
  $$ values ('[
    {"path": "/goal", "before": "", "after": "The arm"},
    {"path": "/rules/arm", "before": null, "after": {"look_for": "The arm", "category": null}},
    {"path": "/rules/toss", "before": {"look_for": "The toss", "category": "toss"}, "after": null},
    {"path": "/skip/footwork", "before": true, "after": null}]'::jsonb) $$,
  'and says what changed, by the ids of its parts'
);
select results_eq(
  $$ select current_ir ->> 'goal', revision, updated_at from public.sessions where id = -1 $$,
  $$ values ('The arm', 2, '2030-01-01 00:01:00+00'::timestamptz) $$,
  'the session is what its latest revision says'
);
select throws_ok(call, code, message, what)
from (values
  ($$ select pg_temp.write(1, '{"goal": "Something else"}') $$, 'PT409',
    'the session is at revision 2 by now, not at 1', 'a stale revision is refused'),
  ($$ select pg_temp.write(null, '{}') $$, 'PT409',
    'the session is at revision 2 by now, not at none', 'so is one that names no base'),
  ($$ select pg_temp.write(2, '{"level": "expert"}') $$, 'SL030', null,
    'so is a brief with a fault, in a sentence'),
  ($$ insert into public.sessions (user_id, current_ir)
     values ('a0000000-0000-4000-8000-000000000001', '{}') $$, 'SL030', 'schema_version must be 1',
    'from the beginning'),
  ($$ update public.sessions set current_ir = '{"schema_version": 2}' where id = -1 $$, 'SL030',
    'schema_version must be 1', 'whoever writes it'),
  ($$ select pg_temp.write(2, '{}', 'because') $$, '23514', null, 'a cause is known')
) as refused (call, code, message, what);

select throws_ok($$ select pg_temp.answer(1, '"left"') $$, 'PT409', null, 'an answer may be stale');
select throws_ok(
  $$ select pg_temp.answer(2, '"both"') $$, 'SL030', 'the answer does not fit hole hand, a choice',
  'an answer fits its hole'
);
select lives_ok($$ select pg_temp.answer(2, null, 'default') $$, 'a suggestion can be taken');
select results_eq(
  $$ select type, question, value, method, resolved_by, revision from public.hole_resolutions $$,
  $$ values ('choice', 'Which?', '"right"'::jsonb, 'default', null::uuid, 3) $$,
  'the answer says what was asked, how it was answered, and in which revision'
);
select results_eq(
  $$ select r.cause, r.diff #>> '{0,after,answer}', s.status
     from public.session_revisions as r join public.sessions as s on s.revision = r.revision
     where s.id = -1 $$,
  $$ values ('resolved', 'right', 'ready') $$, 'it makes a revision, and the session ready'
);
select lives_ok($$ select pg_temp.answer(3, '"left"') $$, 'another answer may follow');
select throws_ok(
  $$ insert into public.hole_resolutions (session_id, user_id, base_revision, hole_id, value)
     values (-1, 'a0000000-0000-4000-8000-000000000001', 4, 'foot', '1') $$,
  'PT404', 'hole foot not found', 'what was not asked cannot be answered'
);

select lives_ok($$ select pg_temp.write(4, '{"goal": "x"}', 'reverted') $$, 'one can go back');
select results_eq(
  $$ select s.current_ir = r.ir from public.sessions as s
     join public.session_revisions as r on r.session_id = s.id and r.revision = 1
     where s.id = -1 $$,
  'values (true)', 'to what was, whatever is sent along'
);
select results_eq(
  $$ select status, revision, revision_count, hole_count from public.sessions where id = -1 $$,
  $$ values ('open', 5, 5, 2) $$, 'which is a revision more'
);
select throws_ok(
  $$ delete from public.session_revisions where session_id = -1 and revision = 5 $$, 'PT409',
  'revision 5 is the current one of its session', 'the current revision stays'
);
delete from public.session_revisions where session_id = -1 and revision in (2, 3);
delete from public.hole_resolutions where value = '"left"';
select results_eq(
  $$ select revision_count, hole_count from public.sessions where id = -1 $$,
  $$ values (3, 1) $$, 'counters follow what is deleted'
);
insert into public.session_drafts (session_id, user_id, request)
select id, user_id, 'The toss' from public.sessions, generate_series(1, 3) where id = -1;
select results_eq(
  $$ select draft_count from public.sessions where id = -1 $$, $$ values (3) $$,
  'and what is added by the row or by the set'
);
update public.sessions set revision_count = 1000 where id = -1;
select throws_ok(
  $$ select pg_temp.write(5, '{}') $$, 'PT429', 'a session has at most 1000 revisions',
  'a session has its bounds'
);
select throws_ok(
  $$ insert into public.session_drafts (session_id, user_id)
     select id, user_id from public.sessions where id = -1 $$,
  'SL030', 'say what the analysis shall look for', 'nobody drafts from nothing'
);
select results_eq(
  $$ with gone as (delete from public.sessions where id = -1 returning id)
     select count(*) from gone $$,
  $$ values (1::bigint) $$, 'a session is deleted'
);
select is_empty(
  $$ select id from public.session_revisions where session_id = -1
     union all select id from public.session_drafts where session_id = -1
     union all select id from public.hole_resolutions where session_id = -1 $$,
  'with all of it'
);

select * from finish();
rollback;

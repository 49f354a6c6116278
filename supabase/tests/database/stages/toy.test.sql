-- A stage that is added: a table, a sequence, a row, a view, and its claim and complete. The queue
-- does all else, without a change to any function of it.
begin;
select plan(24);


delete from public.video_recordings;
select tests.users('heavy', 'light');
set local pipeline.now = '2030-01-01 00:00:00+00';

create table public.toys (
  id bigint primary key, user_id uuid not null, status text not null default 'queued',
  attempts int not null default 0, error_code text, last_error text, updated_at timestamptz,
  is_whole boolean not null default true
);
create sequence pipeline.toy_served_turn as bigint minvalue 0 start 0;
insert into pipeline.stages (stage, place, function_name, sent_back_to, max_attempts)
values ('toy', 9, 'toyWorker', 'ssml', 2);
create view pipeline.toy_items as
select t.id, t.user_id, t.status, t.attempts, t.error_code, t.last_error, t.updated_at,
  t.is_whole as has_input, false as parent_failed
from public.toys as t;
create function pipeline.enqueue_toys()
returns trigger language plpgsql as $$
begin
  perform pipeline.enqueue('toy', array_agg(n.id order by n.id), array_agg(n.user_id order by n.id))
  from new_rows as n having count(*) > 0;
  return null;
end
$$;
create trigger toys_100_enqueue after insert on public.toys
referencing new table as new_rows
for each statement execute function pipeline.enqueue_toys();
create trigger toys_900_drop_tasks after delete on public.toys
referencing old table as old_rows
for each statement execute function pipeline.drop_tasks('toy');
create function pipeline.claim_toy(
  batch_size int default null, lease_seconds int default null, model text default null,
  busy boolean default false
)
returns table (id bigint, lease_token uuid, attempt int, alone boolean, progress jsonb)
language plpgsql as $$
declare
  v pipeline.claim := pipeline.pick('toy', batch_size, lease_seconds, model, busy);
begin
  return query
  with shown as materialized (
    update public.toys as t
    set status = 'processing', attempts = v.attempts[array_position(v.ids, t.id)]
    where t.id = any (v.ids)
    returning t.id
  )
  select l.subject_id, l.lease_token, l.attempt, l.alone, l.progress
  from pipeline.lease(v, array(select s.id from shown as s)) as l
  order by l.subject_id;
end
$$;
create function pipeline.complete_toy(results jsonb)
returns table (id bigint, outcome text) language plpgsql as $$
declare
  f pipeline.handed_in := pipeline.hand_in('toy', results, null, variadic '{}');
begin
  update public.toys as t set status = 'completed' where t.id = any (f.done);
  return query select o.* from pipeline.outcomes(f.ids, f.done, f.busy) as o;
end
$$;
create temp view toys as
select t.*, q.turn is not null as is_ready, q.lease_token, q.progress from public.toys as t
left join pipeline.tasks as q on q.stage = 'toy' and q.subject_id = t.id;

insert into public.toys (id, user_id) select i, md5('heavy')::uuid from generate_series(1, 8) as i;
insert into public.toys (id, user_id) values (9, md5('light')::uuid);
select results_eq(
  'select id, attempt, alone from pipeline.claim_toy(6)',
  $$ values (1::bigint, 1, false), (2, 1, false), (3, 1, false), (4, 1, false), (5, 1, false),
     (9, 1, false) $$,
  'its items are claimed, in fair turns'
);
select is_empty('select * from pipeline.violations', 'and watched over');
select results_eq(
  $$ select pipeline.fail('toy', id, lease_token, 'x', 'No.', false) from toys where id = 1 $$,
  $$ values ('failed') $$, 'they fail'
);
select results_eq(
  $$ select pipeline.fail('toy', id, lease_token, 'x', 'No.', true) from toys where id = 2 $$,
  $$ values ('queued') $$, 'are tried again'
);
select results_eq(
  $$ select pipeline.defer('toy', id, lease_token, 'y', 'Later.', 30, progress => '{"at": 1}')
     from toys where id = 3 $$,
  $$ values ('queued') $$, 'wait'
);
select results_eq(
  $$ select pipeline.release('toy', id, lease_token) from toys where id = 4 $$,
  $$ values ('queued') $$, 'are handed back'
);
select results_eq(
  $$ select pipeline.extend('toy', id, lease_token, 90) from toys where id = 5 $$,
  $$ values ('2030-01-01 00:01:30+00'::timestamptz) $$, 'keep their worker'
);
select results_eq(
  $$ select c.* from toys as t, pipeline.complete_toy(jsonb_build_array(
       jsonb_build_object('id', 9, 'lease_token', t.lease_token),
       jsonb_build_object('id', 5, 'lease_token', gen_random_uuid())
     )) as c
     where t.id = 9 $$,
  $$ values (9::bigint, 'completed'), (5, 'stale') $$, 'and are done, by who holds them'
);
select results_eq(
  'select id, status::text, attempts, error_code, is_ready from toys where id in (1, 2, 3, 4, 9) order by id',
  $$ values (1::bigint, 'failed', 1, 'x', false), (2, 'queued', 1, 'x', false),
     (3, 'queued', 0, 'y', false), (4, 'queued', 0, null, true),
     (9, 'completed', 1, null, false) $$,
  'which their owners see'
);
select is_empty('select * from pipeline.violations', 'all of it without breaking a rule');

update pipeline.stages set sent_back_to = null where stage = 'toy';
select results_eq(
  $$ select pipeline.send_back('toy', id, lease_token, 'z', 'Bad.') from toys where id = 5 $$,
  $$ values ('failed') $$, 'without a stage before it nothing is sent back'
);

set local pipeline.now = '2030-01-01 00:01:00+00';
create temp table held on commit drop as select * from pipeline.claim_toy(8);
select results_eq(
  'select id, attempt, progress::jsonb from held where id in (2, 3) order by id',
  $$ values (2::bigint, 2, null::jsonb), (3, 1, '{"at": 1}') $$,
  'the next attempts go on from where they were'
);
set local pipeline.now = '2030-01-01 00:02:00+00';
select results_eq(
  $$ select stage, ready from pipeline.dispatch() where stage = 'toy' $$,
  $$ select 'toy', count(*)::int from held $$, 'its lost leases are swept, and ready'
);
select results_eq(
  'select count(*), bool_or(alone) from pipeline.claim_toy(8)', 'values (1::bigint, false)',
  'what a worker was lost with is claimed by itself'
);
update pipeline.stages set daily_attempts_per_user = 0 where stage = 'toy';
select is_empty('select from pipeline.claim_toy(8)', 'a quota holds for it, too');
select results_eq(
  $$ select distinct error_code from toys where status = 'queued' $$,
  $$ values ('quota_exceeded') $$, 'and says so'
);
select is_empty('select * from pipeline.violations', 'still no rule is broken');
update public.toys set attempts = 7 where status = 'queued';
select results_eq(
  $$ select distinct rule, stage from pipeline.violations $$,
  $$ values ('task and item agree', 'toy') $$, 'and one that is would be told'
);
select results_eq(
  $$ select subject_id, error_code from pipeline.failures where stage = 'toy' order by 1 $$,
  $$ values (1::bigint, 'x'), (5, 'z') $$, 'what failed is listed'
);
select results_eq(
  $$ select pipeline.requeue('toy', 1) $$, $$ values ('queued') $$, 'and queued anew'
);
select results_eq(
  'select attempts, is_ready from toys where id = 1', 'values (0, true)', 'with all its attempts'
);
select results_eq(
  $$ select subject_id from pipeline.failures where stage = 'toy' $$, $$ values (5::bigint) $$,
  'then it is listed no more'
);
delete from public.toys;
select is_empty(
  $$ select from pipeline.tasks where stage = 'toy' $$, 'deleted items leave the queue'
);

select is_empty('select * from pipeline.violations', 'no rule is broken');

select * from finish();
rollback;

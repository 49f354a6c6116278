-- Stage `draft`: from what an owner asks for to a brief. One item is a row of session_drafts.

create sequence pipeline.draft_served_turn as bigint minvalue 0 start 0;

comment on sequence pipeline.draft_served_turn is 'The latest turn claimed of stage draft.';

insert into pipeline.stages (
  stage, place, function_name, provider, batch_size, max_concurrency, max_tasks_per_user,
  daily_attempts_per_user
)
values ('draft', 5, 'draftWorker', 'gemini', 4, 16, 10, 50);

create view pipeline.draft_items with (security_invoker = true) as
select d.id, d.user_id, d.status, d.attempts, d.error_code, d.last_error, d.updated_at,
  true as has_input, false as parent_failed, d.session_id as parent_id
from public.session_drafts as d;

comment on view pipeline.draft_items is 'The items of stage draft.';
comment on column pipeline.draft_items.id is 'The draft.';
comment on column pipeline.draft_items.user_id is 'Its owner.';
comment on column pipeline.draft_items.status is 'Its status.';
comment on column pipeline.draft_items.attempts is 'Its attempts.';
comment on column pipeline.draft_items.error_code is 'Its last error.';
comment on column pipeline.draft_items.last_error is 'The same as a sentence.';
comment on column pipeline.draft_items.updated_at is 'When its status changed.';
comment on column pipeline.draft_items.has_input is 'True: it is asked for with all it needs.';
comment on column pipeline.draft_items.parent_failed is 'False: a session does not fail.';
comment on column pipeline.draft_items.parent_id is 'Its session.';

-- New drafts are queued, as many of one owner as the stage allows.
create function pipeline.enqueue_drafts()
returns trigger
-- Definer: owners may not use the queue.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_most int := (select s.max_tasks_per_user from pipeline.stages as s where s.stage = 'draft');
  v_user uuid;
begin
  perform pipeline.enqueue(
    'draft', array_agg(n.id order by n.id), array_agg(n.user_id order by n.id)
  )
  from new_rows as n where n.status = 'queued'
  having count(*) > 0;
  -- One owner's writes come one after the other, so that it holds.
  for v_user in select distinct n.user_id from new_rows as n order by n.user_id loop
    perform pg_advisory_xact_lock(hashtextextended('pipeline.drafts ' || v_user, 0));
    if (
      select count(*) from pipeline.tasks as t where t.stage = 'draft' and t.user_id = v_user
    ) > v_most then
      raise exception 'at most % drafts may be under way at once', v_most
        using errcode = 'PT429', hint = 'Wait until some of them are done.';
    end if;
  end loop;
  return null;
end
$$;

create trigger session_drafts_100_enqueue
after insert on public.session_drafts
referencing new table as new_rows
for each statement execute function pipeline.enqueue_drafts();

create trigger session_drafts_900_drop_tasks
after delete on public.session_drafts
referencing old table as old_rows
for each statement execute function pipeline.drop_tasks('draft');

create function pipeline.claim_draft(
  batch_size int default null, lease_seconds int default null, model text default null,
  busy boolean default false
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, alone boolean,
  correlation_id uuid, user_id uuid, session_id bigint, request text, ir jsonb
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v pipeline.claim := pipeline.pick('draft', batch_size, lease_seconds, model, busy);
begin
  if v.ids = '{}' then
    return;
  end if;
  return query
  with shown as materialized (
    update public.session_drafts as d
    set status = 'processing', attempts = v.attempts[array_position(v.ids, d.id)],
      updated_at = v.at,
      -- The brief that is handed out below is of this revision: one statement, one moment.
      base_revision = (select b.revision from public.sessions as b where b.id = d.session_id)
    where d.id = any (array(
      select h.id from public.session_drafts as h where h.id = any (v.ids)
      for no key update skip locked
    ))
    returning d.id, d.user_id, d.session_id, d.request, d.correlation_id
  )
  select s.id, l.lease_token, l.attempt, v.lease_ends_at, l.alone, s.correlation_id, s.user_id,
    s.session_id, s.request, c.current_ir
  from pipeline.lease(v, array(select c.id from shown as c)) as l
  join shown as s on s.id = l.subject_id
  join public.sessions as c on c.id = s.session_id
  order by s.id;
end
$$;

-- What was wrong with the model's first reply, also of a draft that fails; changes nothing where
-- another worker has it by now.
create function pipeline.note_draft(id bigint, lease_token uuid, findings jsonb)
returns void
language sql volatile security invoker set search_path = ''
as $$
  update public.session_drafts as d
  set
    model = findings ->> 'model',
    prompt_version = findings ->> 'prompt_version',
    syntax_ok = (findings ->> 'syntax_ok')::boolean,
    schema_ok = (findings ->> 'schema_ok')::boolean,
    rules_ok = (findings ->> 'rules_ok')::boolean,
    is_repaired = (findings ->> 'is_repaired')::boolean,
    faults = array(
      select left(f.fault, 300) from jsonb_array_elements_text(findings -> 'faults')
        with ordinality as f (fault, place)
      order by f.place limit 20
    )
  where d.id = note_draft.id and exists (
    select from pipeline.tasks as t
    where t.stage = 'draft' and t.subject_id = d.id and t.lease_token = note_draft.lease_token
  )
$$;

-- A worker hands in briefs. Where the session is still as it was when the worker was given it, the
-- brief becomes its next revision; else it is kept beside, for the owner to take.
create function pipeline.complete_draft(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  f pipeline.handed_in := pipeline.hand_in(
    'draft', results, 'sessions',
    row('model, prompt_version (texts) and ir (a brief) are needed', '
      $[*] ? (!(@.model.type() == "string" && @.prompt_version.type() == "string"
        && @.ir.type() == "object"))')
  );
  v_draft record;
begin
  for v_draft in
    select d.id, r.item
    from jsonb_array_elements(complete_draft.results) as r (item)
    join public.session_drafts as d on d.id = (r.item ->> 'id')::bigint
    where d.id = any (f.done)
    order by d.id
  loop
    perform pipeline.write_draft(v_draft.id, v_draft.item, f.at);
  end loop;
  return query select o.* from pipeline.outcomes(f.ids, f.done, f.busy) as o;
end
$$;

-- One checked and fenced result. A session that may have no revision more takes none: the others of
-- the batch are not its owner's.
create function pipeline.write_draft(
  draft_id bigint, result jsonb, at timestamptz
)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_revision int;
  v_fault text := pipeline.brief_fault(result -> 'ir');
begin
  if v_fault is not null then
    raise exception '%', v_fault using errcode = 'SL004';
  end if;
  insert into public.session_revisions (session_id, user_id, base_revision, cause, ir)
  select s.id, s.user_id, s.revision, 'drafted', result -> 'ir'
  from public.session_drafts as d
  join public.sessions as s on s.id = d.session_id and s.revision = d.base_revision
    and s.revision_count < 1000
  where d.id = write_draft.draft_id
  returning revision into v_revision;
  update public.session_drafts as d
  set status = 'completed', error_code = null, last_error = null, updated_at = write_draft.at,
    ir = result -> 'ir', model = result ->> 'model', prompt_version = result ->> 'prompt_version',
    applied_revision = v_revision,
    outcome = case when v_revision is null then 'superseded' else 'applied' end
  where d.id = write_draft.draft_id;
end
$$;

-- What a draft used and cost is what the ledger says of it, whatever became of its attempts.
create function pipeline.charge_draft()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  update public.session_drafts as d
  set
    input_tokens = d.input_tokens + coalesce(new.input_tokens, 0),
    output_tokens = d.output_tokens + coalesce(new.output_tokens, 0)
      + coalesce(new.thought_tokens, 0),
    cost_micros = d.cost_micros + coalesce(round(new.cost * 1000000), 0),
    milliseconds = d.milliseconds + new.ms
  where d.id = new.subject_id;
  return null;
end
$$;

create trigger provider_calls_100_charge_draft
after insert on pipeline.provider_calls
for each row when (new.stage = 'draft')
execute function pipeline.charge_draft();

revoke all on sequence pipeline.draft_served_turn from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.draft_served_turn to service_role;
revoke all on table pipeline.draft_items from public, anon, authenticated, service_role;
grant select, update on table pipeline.draft_items to service_role;

revoke all on function
  pipeline.enqueue_drafts(),
  pipeline.claim_draft(int, int, text, boolean),
  pipeline.note_draft(bigint, uuid, jsonb),
  pipeline.complete_draft(jsonb),
  pipeline.write_draft(bigint, jsonb, timestamptz),
  pipeline.charge_draft()
from public, anon, authenticated;
grant execute on function
  pipeline.claim_draft(int, int, text, boolean),
  pipeline.note_draft(bigint, uuid, jsonb),
  pipeline.complete_draft(jsonb),
  pipeline.write_draft(bigint, jsonb, timestamptz)
to service_role;

-- So that Realtime asks the policies about anonymous subscribers: see realtime.sql.
create policy "nobody reads sessions without signing in" on public.sessions
for select to anon using (false);
create policy "nobody reads drafts without signing in" on public.session_drafts
for select to anon using (false);
-- Anon: their keys alone, of which the policies show none.
grant select (id) on table public.sessions, public.session_drafts to anon;

alter publication supabase_realtime add table public.sessions, public.session_drafts;

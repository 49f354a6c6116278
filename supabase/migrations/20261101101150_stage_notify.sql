-- Stage `notify`: a message is sent. One item is a row of message_queue. Urgent ones go to the
-- front: they are few, and rate-limited. A message may come twice, where a worker died after it was
-- sent; webhooks carry its id for that.

create sequence pipeline.notify_served_turn as bigint minvalue 0 start 0;

comment on sequence pipeline.notify_served_turn is 'The latest turn claimed of stage notify.';

-- Few slots a user, and no patience: how long a webhook takes to answer is its owner's to say.
insert into pipeline.stages (
  stage, place, function_name, batch_size, max_concurrency, max_concurrency_per_user, max_attempts,
  backoff_base_seconds, backoff_cap_seconds, patience_seconds
)
values ('notify', 9, 'notifyWorker', 8, 32, 4, 6, 15, 1800, 0);

create view pipeline.notify_items with (security_invoker = true) as
select m.id, m.user_id, m.status, m.attempts, m.error_code, m.last_error, m.updated_at,
  true as has_input, false as parent_failed
from public.message_queue as m;

comment on view pipeline.notify_items is 'The items of stage notify.';
comment on column pipeline.notify_items.id is 'The message.';
comment on column pipeline.notify_items.user_id is 'Whom it is for.';
comment on column pipeline.notify_items.status is 'Its status.';
comment on column pipeline.notify_items.attempts is 'Its attempts.';
comment on column pipeline.notify_items.error_code is 'Its last error.';
comment on column pipeline.notify_items.last_error is 'The same as a sentence.';
comment on column pipeline.notify_items.updated_at is 'When its status changed.';
comment on column pipeline.notify_items.has_input is 'True: there is nothing to wait for.';
comment on column pipeline.notify_items.parent_failed is 'False: there is no parent.';

create function pipeline.enqueue_messages()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pipeline.enqueue(
    'notify', array_agg(n.id order by n.id), array_agg(n.user_id order by n.id)
  )
  from new_rows as n
  having count(*) > 0;
  update pipeline.tasks as t
  set turn = pipeline.served_turn('notify')
  where t.stage = 'notify' and t.subject_id = any (array(
    select n.id from new_rows as n where n.priority = 'urgent'
  ));
  return null;
end
$$;

create trigger message_queue_100_enqueue
after insert on public.message_queue
referencing new table as new_rows
for each statement execute function pipeline.enqueue_messages();

create trigger message_queue_900_drop_tasks
after delete on public.message_queue
referencing old table as old_rows
for each statement execute function pipeline.drop_tasks('notify');

create function pipeline.claim_notify(
  batch_size int default null, lease_seconds int default null, model text default null,
  busy boolean default false
)
returns table (
  id bigint, lease_token uuid, attempt int, lease_expires_at timestamptz, alone boolean,
  correlation_id uuid, user_id uuid, contact_type text, address text, signing_secret text,
  topic text, subject text, body text, payload jsonb, created_at timestamptz
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v pipeline.claim := pipeline.pick('notify', batch_size, lease_seconds, model, busy);
begin
  if v.ids = '{}' then
    return;
  end if;
  return query
  with shown as materialized (
    update public.message_queue as m
    set status = 'processing', attempts = v.attempts[array_position(v.ids, m.id)],
      updated_at = v.at
    where m.id = any (array(
      select h.id from public.message_queue as h where h.id = any (v.ids)
      for no key update skip locked
    ))
    returning m.*
  )
  select s.id, l.lease_token, l.attempt, v.lease_ends_at, l.alone, s.correlation_id, s.user_id,
    s.contact_type, c.address, c.signing_secret, s.topic, s.subject, s.body, s.payload,
    s.created_at
  from pipeline.lease(v, array(select c.id from shown as c)) as l
  join shown as s on s.id = l.subject_id
  join public.contacts as c on c.id = s.contact_id
  order by s.id;
end
$$;

create function pipeline.complete_notify(results jsonb)
returns table (id bigint, outcome text)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  f pipeline.handed_in := pipeline.hand_in('notify', results, null, variadic '{}');
begin
  update public.message_queue as m
  set status = 'completed', error_code = null, last_error = null, updated_at = f.at
  where m.id = any (f.done);
  return query select o.* from pipeline.outcomes(f.ids, f.done, f.busy) as o;
end
$$;

revoke all on sequence pipeline.notify_served_turn from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.notify_served_turn to service_role;
revoke all on table pipeline.notify_items from public, anon, authenticated, service_role;
grant select, update on table pipeline.notify_items to service_role;

revoke all on function
  pipeline.enqueue_messages(),
  pipeline.claim_notify(int, int, text, boolean),
  pipeline.complete_notify(jsonb)
from public, anon, authenticated;
grant execute on function
  pipeline.claim_notify(int, int, text, boolean),
  pipeline.complete_notify(jsonb)
to service_role;

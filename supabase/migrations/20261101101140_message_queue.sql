-- What is to be told, a row per message and contact. It is the item of stage `notify`; what is said
-- twice under one key is one message, and no contact is sent more than 60 an hour.

create table public.message_queue (
  id bigint generated always as identity primary key,
  contact_id bigint not null references public.contacts (id) on delete cascade,
  -- No foreign key: a copy of the contact's owner, gone with it.
  user_id uuid not null,
  topic text not null,
  contact_type text not null,
  priority text not null default 'normal',
  message_key text not null,
  subject text not null,
  body text not null,
  payload jsonb not null default '{}',
  correlation_id uuid not null default gen_random_uuid(),
  status public.stage_status not null default 'queued',
  attempts int not null default 0,
  error_code text,
  last_error text,
  created_at timestamptz not null default pipeline.now(),
  updated_at timestamptz not null default pipeline.now(),
  constraint message_queue_contact_id_message_key_key unique (contact_id, message_key),
  constraint priority_is_known check (priority in ('urgent', 'normal')),
  constraint texts_are_bounded check (
    length(subject) <= 200 and length(body) <= 4000 and length(message_key) <= 300
      and pg_column_size(payload) <= 8192
  ),
  constraint a_failed_message_says_why check (status <> 'failed' or error_code is not null)
);

comment on table public.message_queue is 'Messages to contacts, and what became of them.';
comment on column public.message_queue.id is 'Identity.';
comment on column public.message_queue.contact_id is 'Where it goes.';
comment on column public.message_queue.user_id is 'Whom it is for.';
comment on column public.message_queue.topic is 'What it is about: alerts or feedback_ready.';
comment on column public.message_queue.contact_type is 'Of its contact.';
comment on column public.message_queue.priority is 'urgent ones go first.';
comment on column public.message_queue.message_key is 'The same for what is to be said once.';
comment on column public.message_queue.subject is 'Its first line.';
comment on column public.message_queue.body is 'Its text.';
comment on column public.message_queue.payload is 'What a webhook is sent as data.';
comment on column public.message_queue.correlation_id is 'In the logs of who sends it.';
comment on column public.message_queue.status is 'queued, processing, completed (sent) or failed.';
comment on column public.message_queue.attempts is 'Attempts so far.';
comment on column public.message_queue.error_code is 'Last error, as stable code.';
comment on column public.message_queue.last_error is 'Last error, as a sentence.';
comment on column public.message_queue.created_at is 'When it was to be said.';
comment on column public.message_queue.updated_at is 'When its status changed.';

create index message_queue_user_id_idx on public.message_queue (user_id);

create index message_queue_unsent_idx on public.message_queue (status, priority, id)
where status <> 'completed';

create index message_queue_created_at_idx on public.message_queue
using brin (created_at) with (pages_per_range = 16);

insert into pipeline.retention (schema_name, table_name, column_name, keep_for) values
  ('public', 'message_queue', 'created_at', '30 days');

-- To everybody who wants to hear of it, or to one user alone: of alerts to who is an operator now,
-- and users by mail at the address that is theirs now. A subject is one line, whatever is in it.
-- Answers with how many messages were added.
create function pipeline.post_message(
  topic text, message_key text, priority text, subject text, body text, payload jsonb,
  user_id uuid default null
)
returns int
language plpgsql volatile security invoker set search_path = ''
-- By the topic's index, or the user's.
set plan_cache_mode = force_custom_plan
as $$
declare
  v_count int;
begin
  insert into public.message_queue
    (contact_id, user_id, topic, contact_type, priority, message_key, subject, body, payload)
  select c.id, c.user_id, post_message.topic, c.contact_type, post_message.priority,
    left(post_message.message_key, 300),
    left(regexp_replace(post_message.subject, '[[:space:][:cntrl:]]+', ' ', 'g'), 200),
    left(post_message.body, 4000), post_message.payload
  from (
    select n.* from public.contacts as n
    where n.enabled and n.topics @> array[post_message.topic]
      and (post_message.user_id is null or n.user_id = post_message.user_id)
      and (
        pipeline.is_operators(n.user_id) or post_message.topic <> 'alerts' and (
          n.contact_type <> 'email' or pipeline.is_own_address(n.user_id, n.address)
        )
      )
      and not exists (
        select from public.message_queue as m
        where m.contact_id = n.id and m.message_key = left(post_message.message_key, 300)
      )
    order by n.id
    limit 100
    -- Not where it is being deleted: that would undo what others are told with it.
    for key share skip locked
  ) as c
  where pipeline.check_rate_limit('contact ' || c.id, 60, interval '1 hour')
  on conflict on constraint message_queue_contact_id_message_key_key do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- Who wants to hear no more is not sent what still waits.
create function pipeline.forget_unwanted()
returns trigger
-- Definer: owners change their contacts, and may not touch messages.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.message_queue as m
  where m.contact_id = new.id and m.status <> 'completed'
    and not (new.enabled and m.topic = any (new.topics));
  return null;
end
$$;

create trigger contacts_200_forget_unwanted
after update of topics, enabled on public.contacts
for each row execute function pipeline.forget_unwanted();

alter table public.message_queue enable row level security;

create policy "owners read what they were told" on public.message_queue
for select to authenticated using (user_id = (select auth.uid()));
create policy "workers send messages" on public.message_queue
for all to service_role using (true) with check (true);

revoke all on table public.message_queue from public, anon, authenticated, service_role;
revoke all on sequence public.message_queue_id_seq from public, anon, authenticated, service_role;
grant select on table public.message_queue to authenticated;
grant select, update on table public.message_queue to service_role;

revoke all on function
  pipeline.post_message(text, text, text, text, text, jsonb, uuid),
  pipeline.forget_unwanted()
from public, anon, authenticated;

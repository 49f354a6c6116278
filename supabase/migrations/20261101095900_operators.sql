-- Who operates. A user whose app_metadata has role = 'operator' (which only the secret key and the
-- dashboard can write) may call the functions and read the views named public.operator_…; each asks
-- check_operator() first. Nothing else gives operators rights: of other users' recordings, words
-- and sound they see nothing. What an operator changes is written to a log.

-- Whether the caller's verified token says so. A role that is taken away ends with its last token.
create function public.is_operator()
returns boolean
language sql stable security invoker set search_path = ''
as $$
  select coalesce((select auth.jwt()) -> 'app_metadata' ->> 'role' = 'operator', false)
$$;

create function pipeline.check_operator()
returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
  if not public.is_operator() then
    raise exception 'only operators may do this' using errcode = 'PT403',
      hint = 'An operator has app_metadata.role = "operator"; sign in again after a change.';
  end if;
end
$$;

create table pipeline.operator_actions (
  id bigint generated always as identity primary key,
  done_at timestamptz not null default pipeline.now(),
  -- No foreign key: who did it is known after the account is closed.
  operator_id uuid not null,
  action text not null,
  stage text,
  subject_id bigint,
  details jsonb not null default '{}',
  constraint action_is_known check (
    action in ('pause_stage', 'resume_stage', 'retry', 'retry_all', 'set_quota')
  ),
  constraint details_are_small check (pg_column_size(details) <= 2048)
);

comment on table pipeline.operator_actions is 'What operators did, and who.';
comment on column pipeline.operator_actions.id is 'Identity.';
comment on column pipeline.operator_actions.done_at is 'When.';
comment on column pipeline.operator_actions.operator_id is 'Which user.';
comment on column pipeline.operator_actions.action is
  'pause_stage, resume_stage, retry, retry_all or set_quota.';
comment on column pipeline.operator_actions.stage is 'The stage that it was about.';
comment on column pipeline.operator_actions.subject_id is 'The item that it was about, if one.';
comment on column pipeline.operator_actions.details is 'What else there is to say.';

create function pipeline.log_action(
  action text, stage text, subject_id bigint default null, details jsonb default '{}'
)
returns void
language sql volatile security invoker set search_path = ''
as $$
  insert into pipeline.operator_actions (operator_id, action, stage, subject_id, details)
  values (
    (select auth.uid()), log_action.action, log_action.stage, log_action.subject_id,
    log_action.details
  )
$$;

alter table pipeline.operator_actions enable row level security;

create policy "what operators did is read" on pipeline.operator_actions
for select to service_role using (true);

revoke all on table pipeline.operator_actions from public, anon, authenticated, service_role;
revoke all on sequence pipeline.operator_actions_id_seq
from public, anon, authenticated, service_role;
grant select on table pipeline.operator_actions to service_role;

revoke all on function
  public.is_operator(),
  pipeline.check_operator(),
  pipeline.log_action(text, text, bigint, jsonb)
from public, anon, authenticated, service_role;
grant execute on function public.is_operator() to authenticated;

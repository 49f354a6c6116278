-- Who did what to which: settings and quotas that were changed, retries, deletions, calls that were
-- refused. Append-only: nobody changes a row, and enforce_data_retention() alone removes old ones.

create table pipeline.audit_log (
  id bigint generated always as identity primary key,
  logged_at timestamptz not null default pipeline.now(),
  actor text not null,
  -- No foreign key: who did it is known after the account is closed.
  actor_id uuid,
  action text not null,
  subject text,
  details jsonb,
  constraint actor_is_known check (actor in ('user', 'operator', 'service', 'system')),
  constraint action_is_snake_case check (action ~ '^[a-z][a-z0-9_]{0,59}$'),
  constraint subject_is_short check (length(subject) <= 200),
  constraint details_are_small check (pg_column_size(details) <= 4096)
)
with (autovacuum_vacuum_insert_scale_factor = 0.05);

comment on table pipeline.audit_log is 'Who did what to which.';
comment on column pipeline.audit_log.id is 'Their order.';
comment on column pipeline.audit_log.logged_at is 'When.';
comment on column pipeline.audit_log.actor is
  'user, operator, service (the secret key), or system (cron, or SQL by hand).';
comment on column pipeline.audit_log.actor_id is 'Which user.';
comment on column pipeline.audit_log.action is 'What was done.';
comment on column pipeline.audit_log.subject is 'What it was done to.';
comment on column pipeline.audit_log.details is
  'What else there is to say: of a change, each setting as [before, after].';

create index audit_log_logged_at_idx on pipeline.audit_log
using brin (logged_at) with (pages_per_range = 16);

create function pipeline.log_security_event(
  action text, subject text default null, details jsonb default null
)
returns void
-- Definer: whoever acts may not write the log by hand.
language sql volatile security definer set search_path = ''
as $$
  insert into pipeline.audit_log (actor, actor_id, action, subject, details)
  values (
    case
      when auth.uid() is not null and auth.jwt() -> 'app_metadata' ->> 'role' = 'operator'
      then 'operator'
      when auth.uid() is not null then 'user'
      when auth.role() = 'service_role' then 'service'
      else 'system'
    end,
    auth.uid(), log_security_event.action, left(log_security_event.subject, 200),
    log_security_event.details
  )
$$;

-- Row trigger of tables of settings: logs what was changed. Its arguments: the action, and the
-- columns that the row is known by. The model that a claim notes is no setting.
create function pipeline.log_change()
returns trigger
-- Definer: quotas go with accounts, which Auth deletes, and Auth may not use the schema.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  v_changes jsonb := (
    select jsonb_object_agg(k.key, jsonb_build_array(v_old -> k.key, v_new -> k.key))
    from jsonb_object_keys(coalesce(v_new, v_old)) as k (key)
    where k.key not in ('updated_at', 'model') and (v_old -> k.key) is distinct from v_new -> k.key
  );
begin
  if v_changes is not null then
    perform pipeline.log_security_event(
      tg_argv[0],
      (
        select string_agg(coalesce(v_new, v_old) ->> a.name, ' ' order by a.place)
        from unnest(tg_argv[1:]) with ordinality as a (name, place)
      ),
      v_changes
    );
  end if;
  return null;
end
$$;

create trigger stages_200_log_change
after insert or update or delete on pipeline.stages
for each row execute function pipeline.log_change('stage_changed', 'stage');

create trigger user_quotas_200_log_change
after insert or update or delete on pipeline.user_quotas
for each row execute function pipeline.log_change('quota_changed', 'user_id', 'stage');

create function pipeline.log_retries()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pipeline.log_security_event(
    'retried', new.stage || ' ' || new.subject_id, jsonb_build_object('count', new.count)
  );
  return null;
end
$$;

create trigger retries_200_log
after insert or update on pipeline.retries
for each row execute function pipeline.log_retries();

-- A row per statement and owner, with the first of their ids.
create function pipeline.log_deleted_recordings()
returns trigger
-- Definer: owners delete their rows, and may not write the log.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform pipeline.log_security_event(
    'recordings_deleted', o.user_id::text,
    jsonb_build_object('count', count(*), 'first_ids', (array_agg(o.id order by o.id))[1:100])
  )
  from old_rows as o
  group by o.user_id;
  return null;
end
$$;

create trigger video_recordings_910_log_deleted
after delete on public.video_recordings
referencing old table as old_rows
for each statement execute function pipeline.log_deleted_recordings();

-- Called by functions that refused calls: no sign-in that holds, or none that is enough. Whoever
-- floods a function writes ten rows a minute.
create function pipeline.log_refused_calls(function_name text, code text, calls int)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if pipeline.check_rate_limit('log_refused_calls ' || function_name, 10, interval '1 minute') then
    perform pipeline.log_security_event(
      'call_refused', log_refused_calls.function_name,
      jsonb_build_object('code', log_refused_calls.code, 'calls', log_refused_calls.calls)
    );
  end if;
end
$$;

alter table pipeline.audit_log enable row level security;

create policy "operators read who did what" on pipeline.audit_log
for select to service_role using (true);

revoke all on table pipeline.audit_log from public, anon, authenticated, service_role;
revoke all on sequence pipeline.audit_log_id_seq from public, anon, authenticated, service_role;
grant select on table pipeline.audit_log to service_role;

revoke all on function
  pipeline.log_security_event(text, text, jsonb),
  pipeline.log_change(),
  pipeline.log_retries(),
  pipeline.log_deleted_recordings(),
  pipeline.log_refused_calls(text, text, int)
from public, anon, authenticated;
grant execute on function
  pipeline.log_security_event(text, text, jsonb),
  pipeline.log_refused_calls(text, text, int)
to service_role;

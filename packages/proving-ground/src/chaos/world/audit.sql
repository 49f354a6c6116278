-- What only a chaos run adds to its database: a record of every change of a stage's status and of
-- every end of a lease, written in the transaction of the change, and a switch that loses the calls
-- of pg_net.

create schema chaos;

create table chaos.transitions (
  n bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  xact xid8 not null default pg_current_xact_id(),
  stage text not null,
  id bigint not null,
  from_status text not null,
  to_status text not null,
  error_code text,
  -- A later stage could not use what was made.
  sent_back boolean not null
    generated always as (to_status = 'queued' and coalesce(error_code, '') = 'ssml_refused') stored
);
create index on chaos.transitions (stage, id, n);

-- A lease that ended: where another one followed, the item was claimed again; else `status` is
-- what the item is when the transaction commits.
create table chaos.leases (
  n bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  xact xid8 not null default pg_current_xact_id(),
  stage text not null,
  id bigint not null,
  token uuid not null,
  next_token uuid,
  status text
);
create index on chaos.leases (token, n);
create index on chaos.leases (xact);

-- Arguments: the stage, and what the names of its columns begin with.
create function chaos.record_status() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_old jsonb := to_jsonb(old);
  v_new jsonb := to_jsonb(new);
  v_status text := tg_argv[1] || 'status';
begin
  if v_old -> v_status <> v_new -> v_status then
    insert into chaos.transitions (stage, id, from_status, to_status, error_code)
    values (
      tg_argv[0], new.id, v_old ->> v_status, v_new ->> v_status,
      v_new ->> (tg_argv[1] || 'error_code')
    );
  end if;
  return null;
end
$$;

create trigger chaos_analysis after update on public.analysis_jobs
for each row execute function chaos.record_status('analysis', '');
create trigger chaos_ssml after update on public.analysis_feedback
for each row execute function chaos.record_status('ssml', 'ssml_');
create trigger chaos_audio after update on public.analysis_feedback
for each row execute function chaos.record_status('audio', 'audio_');

create function chaos.record_lease() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_next uuid := case tg_op when 'UPDATE' then new.lease_token end;
  v_status text;
begin
  if v_next is distinct from old.lease_token then
    execute format('select i.status from pipeline.%I as i where i.id = $1', old.stage || '_items')
    into v_status using old.subject_id;
    insert into chaos.leases (stage, id, token, next_token, status)
    values (old.stage, old.subject_id, old.lease_token, v_next, v_status);
  end if;
  return null;
end
$$;

-- Deferred, because the status is written before or after the task.
create constraint trigger chaos_lease after update or delete on pipeline.tasks
deferrable initially deferred for each row when (old.lease_token is not null)
execute function chaos.record_lease();

create table chaos.added_feedback (
  feedback_id bigint primary key,
  -- Kills the worker that works on it.
  is_poison boolean not null
);

create table chaos.switches (lose_calls boolean not null, lost_calls int not null default 0);
insert into chaos.switches (lose_calls) values (false);

create function chaos.lose_call() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update chaos.switches set lost_calls = lost_calls + 1 where lose_calls;
  return case when found then null else new end;
end
$$;

create trigger chaos_lose_call before insert on net.http_request_queue
for each row execute function chaos.lose_call();

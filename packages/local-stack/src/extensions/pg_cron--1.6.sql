-- pg_cron's schema with the same tables, signatures and privileges. The stack's ticker reads
-- cron.job, runs what is due as the job's user, and records each run in cron.job_run_details.

create schema cron;

create sequence cron.jobid_seq;
create sequence cron.runid_seq;

create table cron.job (
  jobid bigint primary key default nextval('cron.jobid_seq'),
  schedule text not null,
  command text not null,
  nodename text not null default 'localhost',
  nodeport int not null default inet_server_port(),
  database text not null default current_database(),
  username text not null default current_user,
  active boolean not null default true,
  jobname text,
  constraint jobname_username_uniq unique (jobname, username)
);

create table cron.job_run_details (
  jobid bigint,
  runid bigint primary key default nextval('cron.runid_seq'),
  job_pid integer,
  database text,
  username text,
  command text,
  status text,
  return_message text,
  start_time timestamptz,
  end_time timestamptz
);

alter table cron.job enable row level security;
alter table cron.job_run_details enable row level security;
create policy cron_job_policy on cron.job using (username = current_user);
create policy cron_job_run_details_policy on cron.job_run_details using (username = current_user);

-- Whether the ticker can follow a schedule; refuses it in pg_cron's words otherwise. None is
-- what it was: alter_job may be given other things alone.
create function cron._checked_schedule(schedule text)
returns text
language plpgsql
immutable
strict
set search_path = ''
as $$
declare
  v_seconds text := substring(schedule from '^\s*(\d+)\s+seconds?\s*$');
  v_field constant text := '[0-9a-zA-Z*/,$-]+';
begin
  if (v_seconds is not null and v_seconds::int between 1 and 59)
    or schedule ~ ('^\s*' || v_field || '(\s+' || v_field || '){4}\s*$')
    or schedule ~* '^\s*@(hourly|daily|midnight|weekly|monthly|yearly|annually)\s*$'
  then
    return schedule;
  end if;
  raise exception 'invalid schedule: %', schedule
    using errcode = '22023',
      hint = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-59] seconds''';
end
$$;

-- Users may only read cron.job; all changes to it pass through this and the next two functions.
-- They run as the extension's owner, so the caller says who they are and is checked here.
create function cron._schedule(
  job_name text, schedule text, command text, database text, username text, active boolean
)
returns bigint
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_jobid bigint;
begin
  if not pg_has_role(session_user, _schedule.username, 'member') then
    raise exception 'must be superuser to create a job for another role' using errcode = '42501';
  end if;
  insert into cron.job (jobname, schedule, command, database, username, active)
  values (
    job_name, cron._checked_schedule(_schedule.schedule), _schedule.command, _schedule.database,
    _schedule.username, coalesce(_schedule.active, true)
  )
  on conflict on constraint jobname_username_uniq do update
    set schedule = excluded.schedule, command = excluded.command,
        database = excluded.database, active = excluded.active
  returning jobid into v_jobid;
  return v_jobid;
end
$$;

create function cron._unschedule(job_id bigint, job_name text, caller text)
returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from cron.job as j
  where (j.jobid = job_id or j.jobname = job_name)
    and pg_has_role(session_user, j.username, 'member')
    and (job_name is null or j.username = caller);
  if not found then
    raise exception 'could not find valid entry for job ''%''', coalesce(job_name, job_id::text);
  end if;
  return true;
end
$$;

create function cron.alter_job(
  job_id bigint,
  schedule text default null,
  command text default null,
  database text default null,
  username text default null,
  active boolean default null
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  update cron.job as j
  set schedule = coalesce(cron._checked_schedule(alter_job.schedule), j.schedule),
      command = coalesce(alter_job.command, j.command),
      database = coalesce(alter_job.database, j.database),
      username = coalesce(alter_job.username, j.username),
      active = coalesce(alter_job.active, j.active)
  where j.jobid = job_id
    and pg_has_role(session_user, j.username, 'member')
    and pg_has_role(session_user, coalesce(alter_job.username, j.username), 'member');
  if not found then
    raise exception 'Job % does not exist or you don''t own it', job_id;
  end if;
end
$$;

create function cron.schedule(schedule text, command text)
returns bigint
language sql
as $$
  select cron._schedule(null, schedule, command, current_database(), current_user, true)
$$;

create function cron.schedule(job_name text, schedule text, command text)
returns bigint
language sql
as $$
  select cron._schedule(job_name, schedule, command, current_database(), current_user, true)
$$;

create function cron.schedule_in_database(
  job_name text,
  schedule text,
  command text,
  database text,
  username text default null,
  active boolean default true
)
returns bigint
language sql
as $$
  select cron._schedule(
    job_name, schedule, command, database, coalesce(username, current_user), active
  )
$$;

create function cron.unschedule(job_id bigint)
returns boolean
language sql
as $$
  select cron._unschedule(job_id, null, current_user)
$$;

create function cron.unschedule(job_name text)
returns boolean
language sql
as $$
  select cron._unschedule(null, job_name, current_user)
$$;

grant usage on schema cron to postgres with grant option;
grant all on all functions in schema cron to postgres with grant option;
grant all on all tables in schema cron to postgres with grant option;
revoke all on table cron.job from postgres;
grant select on table cron.job to postgres with grant option;
revoke trigger on table cron.job_run_details from postgres;

select pg_catalog.pg_extension_config_dump('cron.job', '');
select pg_catalog.pg_extension_config_dump('cron.jobid_seq', '');

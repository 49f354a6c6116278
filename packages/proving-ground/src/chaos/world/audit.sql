-- What only a chaos run adds to its database: a record of every change of a stage, written in the
-- transaction of the change, and a switch that loses the calls of pg_net.

create schema chaos;

create table chaos.transitions (
  n bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  stage text not null,
  id bigint not null,
  from_status text not null,
  to_status text not null,
  from_token uuid,
  to_token uuid,
  error_code text
);
create index on chaos.transitions (stage, id, n);

create function chaos.record_analysis() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into chaos.transitions
    (stage, id, from_status, to_status, from_token, to_token, error_code)
  values
    ('analysis', new.id, old.status, new.status, old.lease_token, new.lease_token, new.error_code);
  return null;
end
$$;

create function chaos.record_speech() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into chaos.transitions
    (stage, id, from_status, to_status, from_token, to_token, error_code)
  select t.* from (values
    ('ssml', new.id, old.ssml_status, new.ssml_status, old.ssml_lease_token, new.ssml_lease_token,
      new.ssml_error_code),
    ('audio', new.id, old.audio_status, new.audio_status, old.audio_lease_token,
      new.audio_lease_token, new.audio_error_code)
  ) as t (stage, id, from_status, to_status, from_token, to_token, error_code)
  where t.from_status <> t.to_status or t.from_token is distinct from t.to_token;
  return null;
end
$$;

create trigger chaos_record_analysis after update on public.analysis_jobs
for each row when (
  old.status <> new.status or old.lease_token is distinct from new.lease_token
) execute function chaos.record_analysis();

create trigger chaos_record_speech after update on public.analysis_feedback
for each row execute function chaos.record_speech();

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

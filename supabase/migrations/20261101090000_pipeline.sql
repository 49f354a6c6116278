-- The schema of the state machine, its clock, and what every table of it needs. Nothing here is for
-- users: workers reach it as service_role through the Data API.

create schema pipeline;

-- The records are cut into weeks, so that old ones are dropped whole: 20261101101030_retention.sql.
-- The API does not show this schema, and nobody may use it: rows are read and written through the
-- tables that they are parts of.
create schema partitions;

comment on schema pipeline is 'The state machine of recordings: only service_role may use it.';

-- Every timestamp of the machine. Tests move time by `set pipeline.now = '2026-11-01 12:00Z'`.
-- Bound at creation instead of a search path: so it is inlined, and costs a claim nothing.
create function pipeline.now()
returns timestamptz
language sql stable security invoker
return coalesce(nullif(current_setting('pipeline.now', true), '')::timestamptz, now());

-- Before-update trigger of the tables that users write to.
create function pipeline.touch_updated_at()
returns trigger
-- Definer: users may not use schema pipeline.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  new.updated_at := pipeline.now();
  return new;
end
$$;
comment on schema partitions is 'The weeks of the records; nobody reads or writes them directly.';

revoke all on schema partitions from public, anon, authenticated, service_role;
revoke all on schema pipeline from public, anon, authenticated;
grant usage on schema pipeline to service_role;

revoke all on function pipeline.now() from public, anon, authenticated;
revoke all on function pipeline.touch_updated_at() from public, anon, authenticated;
-- Users need it for column defaults of their own rows; without usage on the schema they cannot
-- call it by name.
grant execute on function pipeline.now() to authenticated, service_role;

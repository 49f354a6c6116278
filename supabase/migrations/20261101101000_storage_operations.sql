-- What our functions did to stored objects: a row per upload, download, delete or look, written in
-- batches beside the work and never in its way. A worker that dies loses its last second of them.

create table public.storage_operations (
  id bigint generated always as identity,
  user_id uuid not null references auth.users (id) on delete cascade,
  operation text not null,
  bucket text not null,
  path text not null,
  outcome text not null,
  bytes bigint,
  milliseconds int not null,
  function_name text not null,
  done_at timestamptz not null default pipeline.now(),
  -- As it is read and goes: an owner's rows together, and one index to write.
  constraint storage_operations_pkey primary key (user_id, done_at, id),
  constraint operation_is_known check (operation in ('upload', 'download', 'delete', 'access')),
  constraint outcome_is_known check (outcome in ('done', 'not_found', 'refused', 'unavailable')),
  constraint names_are_short
    check (length(bucket) <= 100 and length(path) <= 1024 and length(function_name) <= 100),
  constraint amounts_are_not_negative check (bytes >= 0 and milliseconds >= 0)
)
partition by range (done_at);

create table partitions.storage_operations_default
partition of public.storage_operations default;

comment on table public.storage_operations is
  'What functions did to a user''s stored objects; it goes with the account.';
comment on column public.storage_operations.id is 'Identity.';
comment on column public.storage_operations.user_id is 'Whose object it is.';
comment on column public.storage_operations.operation is
  'upload, download, delete, or access: whether it is there.';
comment on column public.storage_operations.bucket is 'Bucket of Storage.';
comment on column public.storage_operations.path is 'Object name in the bucket.';
comment on column public.storage_operations.outcome is 'done, not_found, refused or unavailable.';
comment on column public.storage_operations.bytes is 'Bytes that moved, or were offered.';
comment on column public.storage_operations.milliseconds is 'Until the first answer.';
comment on column public.storage_operations.function_name is 'Who did it.';
comment on column public.storage_operations.done_at is 'When it was told.';

create index storage_operations_done_at_idx on public.storage_operations
using brin (done_at) with (pages_per_range = 16);

-- Called by functions with what they did since the last call. Objects of nobody, or of an account
-- that is gone, leave no row.
create function pipeline.log_storage_operations(operations jsonb)
returns int
-- Definer: the service role may not lock accounts, which must not go while rows are written.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_count int;
begin
  if jsonb_array_length(log_storage_operations.operations) > 1000 then
    raise exception 'at most 1000 operations at once' using errcode = 'SL003';
  end if;
  perform from auth.users as u
  where u.id in (
    select (o.value ->> 'user_id')::uuid
    from jsonb_array_elements(log_storage_operations.operations) as o
  )
  order by u.id
  for key share;
  insert into public.storage_operations
    (user_id, operation, bucket, path, outcome, bytes, milliseconds, function_name)
  select u.id, o.operation, o.bucket, left(o.path, 1024), o.outcome, o.bytes, o.milliseconds,
    o.function_name
  from jsonb_to_recordset(log_storage_operations.operations) as o (
    user_id uuid, operation text, bucket text, path text, outcome text, bytes bigint,
    milliseconds int, function_name text
  )
  join auth.users as u on u.id = o.user_id;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

alter table public.storage_operations enable row level security;
alter table partitions.storage_operations_default enable row level security;

create policy "rows are read through their table" on partitions.storage_operations_default
for select to authenticated, service_role using (false);

create policy "owners read what was done to their objects" on public.storage_operations
for select to authenticated using (user_id = (select auth.uid()));
create policy "operators read what was done to objects" on public.storage_operations
for select to service_role using (true);

revoke all on table partitions.storage_operations_default
from public, anon, authenticated, service_role;
revoke all on table public.storage_operations from public, anon, authenticated, service_role;
revoke all on sequence public.storage_operations_id_seq
from public, anon, authenticated, service_role;
grant select on table public.storage_operations to authenticated, service_role;

revoke all on function pipeline.log_storage_operations(jsonb) from public, anon, authenticated;
grant execute on function pipeline.log_storage_operations(jsonb) to service_role;

-- What Storage's own schema (made just before, by the Storage server's statements) lacks to be the
-- same as on hosted: newer columns, the triggers, the owner and the privileges.

alter table storage.buckets add column if not exists avif_autodetection boolean default false;
alter table storage.buckets add column if not exists type text not null default 'STANDARD';
alter table storage.objects alter column bucket_id set not null;
alter table storage.objects alter column name set not null;

comment on column storage.buckets.owner is 'Field is deprecated, use owner_id instead';
comment on column storage.objects.owner is 'Field is deprecated, use owner_id instead';

create or replace function storage.update_updated_at_column()
returns trigger
language plpgsql
as $$
begin
  new.updated_at = now();
  return new;
end
$$;

create or replace trigger update_objects_updated_at
before update on storage.objects
for each row execute function storage.update_updated_at_column();

create or replace function storage.enforce_bucket_name_length()
returns trigger
language plpgsql
as $$
begin
  if length(new.name) > 100 then
    raise exception 'bucket name "%" is too long (% characters). Max is 100.',
      new.name, length(new.name);
  end if;
  return new;
end
$$;

create or replace trigger enforce_bucket_name_length_trigger
before insert or update of name on storage.buckets
for each row execute function storage.enforce_bucket_name_length();

-- A row deleted by hand would leave its file behind. The Storage API announces its own deletes by
-- setting storage.allow_delete_query.
create or replace function storage.protect_delete()
returns trigger
language plpgsql
as $$
begin
  if coalesce(current_setting('storage.allow_delete_query', true), 'false') <> 'true' then
    raise exception 'Direct deletion from storage tables is not allowed. Use the Storage API instead.'
      using hint = 'This prevents accidental data loss from orphaned objects.', errcode = '42501';
  end if;
  return null;
end
$$;

create or replace trigger protect_buckets_delete
before delete on storage.buckets
for each statement execute function storage.protect_delete();

create or replace trigger protect_objects_delete
before delete on storage.objects
for each statement execute function storage.protect_delete();

do $$
declare
  v_table record;
  v_function record;
begin
  for v_table in select tablename from pg_tables where schemaname = 'storage' loop
    execute format('alter table storage.%I owner to supabase_storage_admin', v_table.tablename);
  end loop;
  for v_function in
    select oid::regprocedure as signature
    from pg_proc
    where pronamespace = 'storage'::regnamespace
  loop
    execute format('alter function %s owner to supabase_storage_admin', v_function.signature);
  end loop;
end
$$;

-- Nobody adds to it.
revoke create on schema storage from supabase_storage_admin, postgres cascade;
grant usage on schema storage to supabase_storage_admin, postgres with grant option;
grant usage on schema storage to anon, authenticated, service_role;
grant all on all tables in schema storage to postgres with grant option;
grant all on all tables in schema storage to anon, authenticated, service_role;
grant execute on all functions in schema storage to postgres, anon, authenticated, service_role;

-- The triggers that tell when an object gets a name, and when it loses its last one: see
-- erasures.sql.

-- Called by whoever names objects, in its transaction.
create function pipeline.keep_objects(buckets text[], paths text[], awaited boolean[])
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_ids bigint[];
  v_is_going boolean;
begin
  perform pg_advisory_xact_lock_shared(l.key)
  from (
    select distinct pipeline.lock_of(o.bucket, o.path) as key
    from unnest(buckets, paths) as o (bucket, path)
  ) as l;
  perform from pipeline.erasures as e
  join unnest(buckets, paths) as o (bucket, path) on e.bucket = o.bucket and e.path = o.path;
  if not found then
    return;
  end if;
  with asked as materialized (
    select e.* from pipeline.erasures as e
    where e.id = any (array(
      select h.id from pipeline.erasures as h
      join unnest(buckets, paths) as o (bucket, path) on h.bucket = o.bucket and h.path = o.path
    ))
    -- As pipeline.ask_erasure() does.
    order by e.bucket, e.path
    for update
  )
  select array_agg(a.id), bool_or(
    a.status = 'processing' or (a.attempts > 0 and not o.awaited and not exists (
      select from storage.objects as s where s.bucket_id = a.bucket and s.name = a.path
    ))
  )
  into v_ids, v_is_going
  from asked as a
  join unnest(buckets, paths, awaited) as o (bucket, path, awaited)
    on a.bucket = o.bucket and a.path = o.path;
  if v_is_going then
    raise exception 'an object of this name is being erased' using errcode = 'PT409',
      hint = 'Store it again in a moment.';
  end if;
  delete from pipeline.erasures as e where e.id = any (v_ids);
end
$$;

-- Rows name objects.
create function pipeline.names_objects()
returns trigger
-- Definer: owners add recordings, and may use neither the queue nor what is asked of it.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform pipeline.keep_objects(
    array_agg(n.bucket), array_agg(r.row ->> n.column_name), array_agg(n.awaited)
  )
  from (select to_jsonb(i) as row from new_rows as i offset 0) as r
  join pipeline.object_names as n
    on n.schema_name = tg_table_schema and n.table_name = tg_table_name
  where r.row ->> n.column_name is not null
  having count(*) > 0;
  return null;
end
$$;

-- Rows that named objects are gone. With an account goes all that is in its folders, named or not.
create function pipeline.unnames_objects()
returns trigger
-- Definer: owners delete their rows, and may use neither the queue nor Auth's users.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_buckets text[];
  v_paths text[];
  v_gone uuid[];
begin
  select array_agg(n.bucket), array_agg(r.row ->> n.column_name) into v_buckets, v_paths
  from (select to_jsonb(i) as row from old_rows as i offset 0) as r
  join pipeline.object_names as n
    on n.schema_name = tg_table_schema and n.table_name = tg_table_name
  where r.row ->> n.column_name is not null;
  if v_paths is null then
    return null;
  end if;
  v_gone := array(
    select distinct o.user_id from (
      select distinct pipeline.owner_of(p) as user_id from unnest(v_paths) as p
    ) as o
    where not exists (select from auth.users as u where u.id = o.user_id)
  );
  perform pipeline.ask_erasure(
    array_agg(o.bucket), array_agg(o.path),
    case when g.is_gone then 'account_deleted' else 'row_deleted' end
  )
  from unnest(v_buckets, v_paths) as o (bucket, path)
  cross join lateral (select pipeline.owner_of(o.path) = any (v_gone) as is_gone) as g
  group by g.is_gone;
  perform pipeline.erase_folders(v_gone);
  return null;
end
$$;

-- All objects in the folders of accounts that are gone.
create function pipeline.erase_folders(user_ids uuid[])
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off
as $$
begin
  -- The operators of the pattern index of names: '0' comes after '/'.
  perform pipeline.ask_erasure(
    array_agg(s.bucket_id), array_agg(s.name), 'account_deleted'
  )
  from unnest(user_ids) as u (id)
  join storage.objects as s on s.name ~>=~ (u.id || '/') and s.name ~<~ (u.id || '0')
  where s.bucket_id = any (pipeline.user_buckets())
  having count(*) > 0;
end
$$;

-- A row names another object than before.
create function pipeline.renames_objects()
returns trigger
-- Definer: as above.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name pipeline.object_names;
  v_old text;
  v_new text;
begin
  for v_name in
    select n.* from pipeline.object_names as n
    where n.schema_name = tg_table_schema and n.table_name = tg_table_name
  loop
    v_old := to_jsonb(old) ->> v_name.column_name;
    v_new := to_jsonb(new) ->> v_name.column_name;
    if v_old is distinct from v_new and v_old is not null then
      perform pipeline.ask_erasure(array[v_name.bucket], array[v_old], 'row_deleted');
    end if;
    if v_old is distinct from v_new and v_new is not null then
      perform pipeline.keep_objects(
        array[v_name.bucket], array[v_new], array[v_name.awaited]
      );
    end if;
  end loop;
  return null;
end
$$;

create trigger video_recordings_200_name_objects
after insert on public.video_recordings
referencing new table as new_rows
for each statement execute function pipeline.names_objects();

create trigger video_recordings_200_rename_objects
after update of storage_path on public.video_recordings
for each row when (new.storage_path is distinct from old.storage_path)
execute function pipeline.renames_objects();

create trigger video_recordings_200_unname_objects
after delete on public.video_recordings
referencing old table as old_rows
for each statement execute function pipeline.unnames_objects();

create trigger analysis_audio_segments_200_name_objects
after insert on public.analysis_audio_segments
referencing new table as new_rows
for each statement execute function pipeline.names_objects();

create trigger analysis_audio_segments_200_rename_objects
after update of audio_url, captions_url on public.analysis_audio_segments
for each row when (
  new.audio_url is distinct from old.audio_url
  or new.captions_url is distinct from old.captions_url
)
execute function pipeline.renames_objects();

create trigger analysis_audio_segments_200_unname_objects
after delete on public.analysis_audio_segments
referencing old table as old_rows
for each statement execute function pipeline.unnames_objects();

create trigger render_jobs_200_name_objects
after insert on public.render_jobs
referencing new table as new_rows
for each statement execute function pipeline.names_objects();

-- Of any column: where a render fails, another trigger takes its name away.
create trigger render_jobs_200_rename_objects
after update on public.render_jobs
for each row when (new.output_path is distinct from old.output_path)
execute function pipeline.renames_objects();

create trigger render_jobs_200_unname_objects
after delete on public.render_jobs
referencing old table as old_rows
for each statement execute function pipeline.unnames_objects();

revoke all on function
  pipeline.keep_objects(text[], text[], boolean[]),
  pipeline.erase_folders(uuid[]),
  pipeline.names_objects(),
  pipeline.unnames_objects(),
  pipeline.renames_objects()
from public, anon, authenticated;
grant execute on function
  pipeline.keep_objects(text[], text[], boolean[]),
  pipeline.erase_folders(uuid[])
to service_role;

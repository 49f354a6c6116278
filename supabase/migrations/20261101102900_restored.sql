-- After rows were restored from a backup: docs/runbooks/restore.md.

-- Called by an operator once rows and files are restored, with every stage still paused. Accounts
-- that were closed since stay closed: what came back of them goes, rows by this and objects by
-- stage `erase`. Files that were stored anew are the versions that were analysed. Leases of the
-- past are taken back. Answers with how many rows went of each table.
create function pipeline.settle_restored()
returns table (name text, removed bigint)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v record;
begin
  for v in
    select c.relnamespace::regnamespace::text as schema_name, c.relname, a.attname
    from pg_catalog.pg_constraint as k
    join pg_catalog.pg_class as c on c.oid = k.conrelid
    join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'f' and k.confrelid = 'auth.users'::regclass and k.conparentid = 0
      and c.relnamespace in ('public'::regnamespace, 'pipeline'::regnamespace)
    order by 1, 2, 3
  loop
    name := format('%I.%I', v.schema_name, v.relname);
    execute format(
      'delete from %1$I.%2$I as t where t.%3$I is not null
       and not exists (select from auth.users as u where u.id = t.%3$I)',
      v.schema_name, v.relname, v.attname
    );
    get diagnostics removed = row_count;
    if removed > 0 then
      return next;
    end if;
  end loop;
  update public.analysis_jobs as j
  set video_version = o.version
  from public.video_recordings as r
  join storage.objects as o on o.bucket_id = 'raw' and o.name = r.storage_path
  where r.id = j.video_recording_id and j.video_version <> o.version;
  perform pipeline.sweep();
end
$$;

revoke all on function pipeline.settle_restored() from public, anon, authenticated;
